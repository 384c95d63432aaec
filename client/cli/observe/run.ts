import { publishedBuilds } from '../../../contracts/deploy/builds.ts';
import { locateElection } from '../../../contracts/client/election.ts';
import type { Report } from '../../../protocol/checks/run.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import type { Entry } from '../../../protocol/record/entry.ts';
import { openNode } from '../chain/open.ts';
import { loadDefinition, readAddress, readDeploymentPlace } from '../election/definition-file.ts';
import type { LoadedDefinition } from '../election/definition-file.ts';
import { flag, optional, setting } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { renderTable } from '../frame/table.ts';
import { collectEntries } from '../record/entries.ts';
import { loadEvidence } from '../record/evidence.ts';
import { readRecord } from '../record/read.ts';
import { verify } from './checks.ts';

/**
 * `urna observe run`: every numbered check of SPEC §15 over a record file or what a node tells, with the published files as
 * evidence. Exit 1 if a check fails; 6 if all hold but the election has not come to its end (0 with `--so-far`).
 */
export async function observe(call: Invocation): Promise<Outcome> {
  const loaded = await loadDefinition(call);
  const entries = await entriesOf(call, loaded);
  const report = await verify(call, entries, await loadEvidence(call, loaded.definition));
  const { checks, ok, complete, entries: read, assurance = null } = report;
  const data = { checks: checks.map((check) => ({ ...check })), ok, complete, assurance, entries: read };
  const text = show(report);
  if (!report.ok) return { data, text, exit: 1, code: 'check/failed' };
  if (complete || flag(call, 'soFar')) return { data, text };
  return { data, text, exit: 6, code: 'incomplete/record' };
}

async function entriesOf(call: Invocation, loaded: LoadedDefinition): Promise<Entry[]> {
  const file = optional(call, 'record');
  const entries: Entry[] = [];
  if (file === undefined) {
    const node = await openNode(call, loaded);
    const at = await locateElection(node, await addressOf(call));
    return collectEntries(at, publishedBuilds());
  }
  for await (const entry of readRecord(file)) entries.push(entry);
  return entries;
}

/** `--election`, or the address in the deployment file. @throws `usage/setting`, `deployment/file`, `encoding/hex` */
async function addressOf(call: Invocation): Promise<Hex> {
  const { election, deployment } = call.settings;
  if (election === undefined && deployment !== undefined) return (await readDeploymentPlace(deployment)).election;
  return readAddress(setting(call, 'election'));
}

function show({ checks, ok, complete, entries, assurance }: Report): string {
  const rows = checks.map(({ number, title, items, ok: holds, detail }): (string | number)[] => [
    number,
    holds ? 'ok' : 'FAILED',
    items,
    holds ? title : `${title}: ${detail}`,
  ]);
  const failed = checks.filter((check) => !check.ok).length;
  const verdict = ok ? 'All checks hold.' : `${failed} of ${checks.length} checks FAILED.`;
  const end = complete ? '' : ' The record has not come to its end: nothing is said about what is still to come.';
  // DESIGN §2.2: every verification says it.
  const office =
    assurance === 'single-office' ? ' Assurance: single office. One office alone decided who is on the roll.' : '';
  return `${renderTable(['check', '', 'items', ''], rows)}\n\n${entries} entries read. ${verdict}${end}${office}`;
}
