import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sealsCheck } from '../../../protocol/checks/20-seals.ts';
import { folderFiles } from '../../../protocol/node/record-folder.ts';
import { readHead } from '../../../protocol/record/files.ts';
import { readValues } from '../../../protocol/record/read-record.ts';
import { act, exportFor } from './acts.ts';
import { forgeRecord } from './forge.ts';
import type { Change, EntryMembers } from './forge.ts';
import { download, everyone, pathOf } from './files.ts';
import { hand, urna, urnaStatus, urnaText } from './party.ts';
import type { Answer } from './party.ts';
import { expectedBallots, expectedCounts } from './plan.ts';
import type { ServiceProcess } from '../../../server/start/service-process.ts';
import { chapter, each, say } from './stage.ts';
import type { World } from './world.ts';

/** Sums, decryption by four of five trustees, counts, certificate. */
export async function counting(world: World): Promise<void> {
  chapter('Voting is closed: the sums are added up, four of five trustees decrypt them, the officers certify');
  const { chain, times, commission, trustees } = world;
  await chain.advanceTo(times.closesAt + times.graceSeconds + times.settleSeconds + 1);
  await act(world, 'anchor');
  await urna(commission, 'tally', 'aggregate');
  // The third trustee is absent; any three would do.
  const present = trustees.filter((_, i) => i !== 2);
  const record = await exportFor(world, present);
  const files = await each('trustees verify the record and decrypt', present, async (trustee) => {
    const file = `decrypt-${trustee.name}.json`;
    const options = ['--key', 'key.age', '--secrets', 'secrets', '--record', record, '--out', file];
    await urna(trustee, 'trustee', 'decrypt', ...options);
    hand(trustee, commission, [file]);
    return file;
  });
  await urna(commission, 'trustee', 'post', ...files);
  await urna(commission, 'tally', 'count');
  await act(world, 'certify');
  const end = await exportFor(world, trustees);
  await each('trustees delete their secrets', present, (trustee) =>
    urna(trustee, 'trustee', 'forget', '--key', 'key.age', '--secrets', 'secrets', '--record', end),
  );
}

interface ShownUnit {
  readonly contest: string;
  readonly unit: string;
  readonly state: string;
  readonly voters: number;
  readonly members: number;
  readonly ballots: number;
  readonly counts: Readonly<Record<string, number>>;
}

/** The result as the record tells it, compared with what the voters of the demo wanted. @throws Error if it differs */
export async function results(world: World, show: (text: string) => void): Promise<void> {
  chapter('The result');
  const { commission, voters } = world;
  const data = await urna(commission, 'tally', 'result');
  const units = data['units'] as readonly ShownUnit[];
  if (data['certified'] !== true) throw new Error('the result is not certified');
  const counts = expectedCounts(voters);
  for (const [contest, ballots] of Object.entries(expectedBallots(voters))) {
    const own = units.filter((unit) => unit.contest === contest && unit.state === 'open');
    const total = (of: (unit: ShownUnit) => number): number => own.reduce((sum, unit) => sum + of(unit), 0);
    if (total((unit) => unit.ballots) !== ballots) throw new Error(`${contest}: not ${ballots} ballots were counted`);
    for (const option of Object.keys(own[0]?.counts ?? {})) {
      const [found, wanted] = [total((unit) => unit.counts[option] ?? 0), counts[contest]?.[option] ?? 0];
      if (found !== wanted) throw new Error(`${contest}: ${option} has ${found} votes, the voters gave it ${wanted}`);
    }
  }
  show((await urnaText(commission, 'tally', 'result')).trimEnd());
  say('The counts are those of the votes the voters of this demo cast last.');
}

/** The observer verifies the chain, then copies of the record that were tampered with. */
export async function observing(world: World, open: ServiceProcess): Promise<void> {
  chapter('An observer verifies everything from chain data, and two tampered copies');
  const { observer } = world;
  download(world, everyone(world));
  const { election } = JSON.parse(
    readFileSync(pathOf(observer, join('public', 'deployment.json')), 'utf8'),
  ) as Deployed;
  const report = await urna(observer, 'observe', 'run', '--rpc', world.chain.url, '--election', election);
  for (const { number, title, items, ok } of report['checks'] as readonly CheckRow[]) {
    const outcome = ok ? (number === sealsCheck.number && report['sealed'] !== true ? 'not sealed' : 'ok') : 'FAILED';
    say(`${String(number).padStart(2)} ${outcome} ${title} (${items})`);
  }
  const record = 'record-1';
  await urna(observer, 'record', 'fetch', open.url, '--out', record);
  await urna(observer, 'record', 'verify', record);
  say('the record that the public service gives is whole, and all checks hold for it, too');
  await tampered(world, record, 'a vote moved in the counts', 17, 'counts', moveVote);
  const { change, nth } = await otherBallot(pathOf(observer, record));
  await tampered(world, record, 'a ballot replaced by another ciphertext', 11, 'updates', change, nth);
}

interface Deployed {
  readonly election: string;
}

interface CheckRow {
  readonly number: number;
  readonly title: string;
  readonly items: number;
  readonly ok: boolean;
}

async function tampered(
  { observer }: World,
  record: string,
  what: string,
  check: number,
  kind: string,
  change: Change,
  nth = 0,
): Promise<void> {
  const name = `tampered-${check}`;
  await forgeRecord(pathOf(observer, record), pathOf(observer, name), kind, change, nth);
  const { answer, status } = await urnaStatus(observer, 'record', 'verify', name);
  const first = failed(answer)[0];
  if (status !== 1 || first?.number !== check)
    throw new Error(`${what}: check ${check} should fail first, not ${first?.number ?? 'none'}`);
  say(`tampered copy, ${what}: check ${check} fails (${first.title})`);
}

function failed(answer: Answer): CheckRow[] {
  return (answer.data['checks'] as readonly CheckRow[]).filter(({ ok }) => !ok);
}

function moveVote(data: EntryMembers): EntryMembers {
  const [yes = 0, no = 0, ...rest] = data['counts'] as readonly number[];
  return { ...data, counts: [yes + 1, no - 1, ...rest] };
}

/** Words of a first ballot on a question of one lane (SPEC §11): slot, ciphertext, proof. */
const WORDS = 13;

/**
 * A forgery by which a ballot on the question gets the ciphertext of another one, which is a fine ciphertext of a fine vote.
 *
 * @param folder - of the record
 */
async function otherBallot(folder: string): Promise<{ readonly change: Change; readonly nth: number }> {
  const files = folderFiles(folder);
  const ballots: (readonly string[])[] = [];
  let [updates, nth] = [0, 0];
  for await (const value of readValues(files, await readHead(files))) {
    const { kind, data } = value as { readonly kind: string; readonly data: EntryMembers };
    if (kind !== 'updates') continue;
    // The first three polls are the question, in three districts.
    const words = Number(data['poll']) < 3 ? wordsOf(data['firsts']) : [];
    if (ballots.length === 0) nth = updates;
    for (let start = 0; start < words.length; start += WORDS) ballots.push(words.slice(start, start + WORDS));
    updates += 1;
  }
  const ciphertext = ballots[1]?.slice(1, 5);
  if (ciphertext === undefined) throw new Error('the demo needs two ballots on the question');
  const change: Change = (data) => {
    const [slot, , , , , ...rest] = wordsOf(data['firsts']);
    return { ...data, firsts: `0x${[slot, ...ciphertext, ...rest].join('')}` };
  };
  return { change, nth };
}

function wordsOf(hex: unknown): string[] {
  return String(hex).slice(2).match(/.{64}/gu) ?? [];
}
