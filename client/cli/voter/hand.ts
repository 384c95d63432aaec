import type { Json } from '../../../protocol/canonical-json.ts';
import { UrnaError, require } from '../../../protocol/errors.ts';
import { expandPaths, readText, writeFile } from '../../../protocol/node/files.ts';
import { randomBytes } from '../../../protocol/node/random.ts';
import { shuffle } from '../../../protocol/random.ts';
import { loadElection } from '../election/definition-file.ts';
import type { LoadedElection } from '../election/definition-file.ts';
import { several } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { renderTable } from '../frame/table.ts';
import { handIn, postUpdate, readUpdate } from '../../http/ballot-box.ts';
import type { ReadyUpdate } from '../../http/ballot-box.ts';
import { parseServerUrl } from '../../http/server-url.ts';
import { encodeKeptReceipt } from '../../http/kept-receipt.ts';
import type { ServerUrl } from '../../http/server-url.ts';

/** A receipt that was kept: which box promised what, and its file. */
export interface Handed {
  readonly update: string;
  readonly box: string;
  readonly receipt: string;
  readonly round: number;
  /** Unix seconds of block time. */
  readonly by: number;
}

/** The addresses given with `--box`. @throws `server/url` */
export function givenBoxes(call: Invocation): ServerUrl[] {
  return several(call, 'box').map(parseServerUrl);
}

/** `urna voter hand`: update files that were made before, or that a box has lost. The same update twice is one update. */
export async function hand(call: Invocation): Promise<Outcome> {
  const servers = givenBoxes(call);
  require(servers.length > 0, 'usage/option', 'give the address of a ballot box with --box');
  const election = await loadElection(call);
  const handed: Handed[] = [];
  const files = (await expandPaths(call.args, '.json')).filter((file) => !file.includes('.receipt-'));
  for (const file of shuffle(files, randomBytes)) handed.push(...(await handInFile(election, file, servers)));
  return { data: { handed }, text: handedTable(handed) };
}

/** Receipts as people read them. */
export function handedTable(handed: readonly Handed[]): string {
  const rows = handed.map(({ box, round, by, receipt }) => [
    box,
    String(round),
    new Date(1000 * by).toISOString(),
    receipt,
  ]);
  const advice = 'A ballot counts once it is on chain: "urna voter follow" looks until it is.';
  return `${renderTable(['box', 'round', 'on chain by', 'receipt'], rows)}\n${advice}`;
}

/** Hands the update of a file to ballot boxes, and keeps each receipt beside it. @throws the codes of {@link handIn} and {@link readUpdate} */
export async function handInFile(
  election: LoadedElection,
  file: string,
  servers: readonly ServerUrl[],
): Promise<readonly Handed[]> {
  const text = (await readText(file, 2 ** 16)).trimEnd();
  const update = readUpdate(election.definition, election.context, text);
  return handIn(update, servers, randomBytes, (server) => handTo(election, file, update, server));
}

async function handTo(
  { definition, context }: LoadedElection,
  file: string,
  update: ReadyUpdate,
  server: ServerUrl,
): Promise<Handed> {
  const { box, promise, receipt: answer } = await postUpdate(definition, context, update, server);
  const { tracker, round, by } = promise;
  const receipt = `${file.replace(/\.json$/u, '')}.receipt-${tracker.slice(0, 8)}.json`;
  await keepOnce(receipt, server, answer);
  return { update: file, box, receipt, round, by };
}

/** The same update handed in again has the same receipt. */
async function keepOnce(path: string, server: ServerUrl, receipt: Json): Promise<void> {
  try {
    await writeFile(path, encodeKeptReceipt(server, receipt));
  } catch (error) {
    if (!(error instanceof UrnaError) || error.code !== 'file/exists') throw error;
  }
}
