import { publishedBuilds } from '../../../contracts/deploy/builds.ts';
import { locateElection } from '../../../contracts/client/election.ts';
import { readSeals } from '../../../contracts/follower/seals.ts';
import { NOT_SEALED, sealsCheck } from '../../../protocol/checks/20-seals.ts';
import { verifyRecord, openRecord } from '../../../protocol/checks/verify-record.ts';
import { runOverLines } from '../../../protocol/checks/run.ts';
import type { Report, RunOptions } from '../../../protocol/checks/run.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { require } from '../../../protocol/errors.ts';
import type { RecordHead } from '../../../protocol/record/head.ts';
import { readRecordLines } from '../../../protocol/record/read-record.ts';
import { encodeSeals } from '../../../protocol/seals/seals-file.ts';
import { openNode } from '../chain/open.ts';
import { loadDefinition, readAddress, readDeploymentPlace } from '../election/definition-file.ts';
import { flag, optional, setting } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { renderTable } from '../frame/table.ts';
import { withChainRecord } from '../record/chain-record.ts';
import { loadEvidence } from '../record/evidence.ts';
import { recordAt } from '../../../protocol/node/record-folder.ts';
import { withProgress } from './checks.ts';
import { provedEntries, segmentEnds, writeProved } from './resume.ts';

/**
 * `urna observe run`: every numbered check of SPEC §15 over a record, with the published files in it, or over what a node tells, with
 * those of `--public`. Exit 1 if a check fails; 6 if all hold but the election has not come to its end (0 with `--so-far`).
 */
export async function observe(call: Invocation): Promise<Outcome> {
  const file = optional(call, 'record');
  return outcomeOf(call, file === undefined ? await verifyChain(call) : (await verifyFile(call, file)).report);
}

/** `urna record verify FILE`: the same over a record, without a network. */
export async function verifyRecordFile(call: Invocation): Promise<Outcome> {
  const file = call.args[0];
  require(file !== undefined, 'usage/arguments', 'give the record: its record.json, or the folder that this lies in');
  return outcomeOf(call, (await verifyFile(call, file)).report);
}

/** A record's head, and the report on what it names. */
interface VerifiedFile {
  readonly head: RecordHead;
  readonly report: Report;
}

/** The report on a record in a folder. @throws `record/*` if it is not whole, or of another election than was asked about */
export async function verifyFile(call: Invocation, path: string): Promise<VerifiedFile> {
  const files = recordAt(path);
  const head = await openRecord(files);
  await requireAsked(call, head);
  const resumed = await resumeOptions(call, head);
  const report = await withProgress(call, head.entries, (options) =>
    verifyRecord(files, head, publishedBuilds(), { ...options, ...resumed }),
  );
  return { head, report };
}

/** `--resume FILE`: proofs that the file says were verified are not verified again, and it says so of what is verified now. */
async function resumeOptions(call: Invocation, head: RecordHead): Promise<RunOptions> {
  const path = optional(call, 'resume');
  if (path === undefined) return {};
  const proved = await provedEntries(path, head);
  if (proved === undefined) call.progress.note(`${path} is about another record: every proof is verified`);
  const reached = (entries: number): Promise<void> => writeProved(path, head, entries);
  const at = [...segmentEnds(head).keys()].filter((entries) => entries > (proved ?? 0));
  return { provedEntries: proved ?? 0, checkpoints: { at, reached } };
}

/** A record must be of the election that `--election` and `--definition` name, where they are given. @throws `record/election` */
export async function requireAsked(call: Invocation, head: RecordHead): Promise<void> {
  const { election, definition } = call.settings;
  const isOther = election !== undefined && readAddress(election) !== head.election;
  require(!isOther, 'record/election', `the record is of the election at ${head.election}, not of the one asked about`);
  if (definition === undefined) return;
  const { hash } = await loadDefinition(call);
  require(hash ===
    head.definitionHash, 'record/election', 'the record is of another definition than the one asked about');
}

async function verifyChain(call: Invocation): Promise<Report> {
  const loaded = await loadDefinition(call);
  const node = await openNode(call, loaded);
  const at = await locateElection(node, await addressOf(call));
  const evidence = await loadEvidence(call, loaded.definition);
  return withChainRecord(call, at, async (files, head, reached) => {
    const sealed = await readSeals(at, loaded.definition, reached);
    const all = { ...evidence, seals: sealed === undefined ? undefined : encodeSeals(sealed) };
    return withProgress(call, head.entries, (options) => runOverLines(readRecordLines(files, head), all, options));
  });
}

/** `--election`, or the address in the deployment file. @throws `usage/setting`, `deployment/file`, `encoding/hex` */
async function addressOf(call: Invocation): Promise<Hex> {
  const { election, deployment } = call.settings;
  if (election === undefined && deployment !== undefined) return (await readDeploymentPlace(deployment)).election;
  return readAddress(setting(call, 'election'));
}

function outcomeOf(call: Invocation, report: Report): Outcome {
  const { checks, ok, complete, entries, assurance = null, sealed, rounds } = report;
  const turns = rounds.map((round) => ({ ...round, boxes: round.boxes.map((box) => ({ ...box })) }));
  const data = {
    checks: checks.map((check) => ({ ...check })),
    ok,
    complete,
    assurance,
    sealed,
    entries,
    rounds: turns,
  };
  const text = show(report);
  if (!report.ok) return { data, text, exit: 1, code: 'check/failed' };
  if (complete || flag(call, 'soFar')) return { data, text };
  return { data, text, exit: 6, code: 'incomplete/record' };
}

function show({ checks, ok, complete, entries, assurance, sealed, rounds }: Report): string {
  const rows = checks.map(({ number, title, items, ok: holds, detail }): (string | number)[] => [
    number,
    holds ? (number === sealsCheck.number && !sealed ? 'not sealed' : 'ok') : 'FAILED',
    items,
    holds ? title : `${title}: ${detail}`,
  ]);
  const failed = checks.filter((check) => !check.ok).length;
  const verdict = ok ? 'All checks hold.' : `${failed} of ${checks.length} checks FAILED.`;
  const end = complete ? '' : ' The record has not come to its end: nothing is said about what is still to come.';
  // DESIGN §2.2: every verification says it.
  const office =
    assurance === 'single-office' ? ' Assurance: single office. One office alone decided who is on the roll.' : '';
  const seals = sealed || assurance === undefined ? '' : ` ${NOT_SEALED}`;
  const checked = renderTable(['check', '', 'items', ''], rows);
  return `${checked}\n${showTurns(rounds)}\n${entries} entries read. ${verdict}${end}${office}${seals}`;
}

/** A line for each box and round with slots that were due; empty before there are any. */
function showTurns(rounds: Report['rounds']): string {
  const rows = rounds.flatMap(({ round, over, boxes }) =>
    boxes
      .filter(({ due }) => due > 0)
      .map(({ box, due, byBox, byOtherBoxes, byOthers, missing }): (string | number)[] => [
        ...[round, box, due, byBox, byOtherBoxes, byOthers, missing],
        over ? (byBox < due ? 'left its pattern' : '') : 'not over',
      ]),
  );
  if (rows.length === 0) return '';
  const head = ['round', 'box', 'due', 'by it', 'by other boxes', 'by others', 'missing', ''];
  return `\nSlots that were due to each box:\n${renderTable(head, rows)}\n`;
}
