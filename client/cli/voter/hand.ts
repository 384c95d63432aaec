import type { Json } from '../../../protocol/canonical-json.ts';
import { UrnaError, require } from '../../../protocol/errors.ts';
import { expandPaths, readText } from '../../../protocol/node/files.ts';
import { randomBytes } from '../../../protocol/node/random.ts';
import { shuffle } from '../../../protocol/random.ts';
import { loadElection } from '../election/definition-file.ts';
import type { LoadedElection } from '../election/definition-file.ts';
import { several } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { renderTable } from '../frame/table.ts';
import { postUpdate, readUpdate } from '../../http/ballot-box.ts';
import type { ReadyUpdate } from '../../http/ballot-box.ts';
import { parseServerUrl } from '../../http/server-url.ts';
import type { ServerUrl } from '../../http/server-url.ts';
import { keepReceipt } from './kept-receipt.ts';

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
  for (const file of shuffle(files, randomBytes)) handed.push(...(await handIn(election, file, servers)));
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

/**
 * Hands an update to ballot boxes: a first ballot to one of them, the next if that fails; a changed one to all, since the box of its round
 * and that of the next are to have it (DESIGN §2.5). A receipt is believed only if a box of the definition has signed it for this very
 * update.
 *
 * @throws what the last box answered if none took it
 */
export async function handIn(
  election: LoadedElection,
  file: string,
  servers: readonly ServerUrl[],
): Promise<readonly Handed[]> {
  const text = (await readText(file, 2 ** 16)).trimEnd();
  const update = readUpdate(election.definition, election.context, text);
  const handed: Handed[] = [];
  let failure: unknown;
  for (const server of shuffle(servers, randomBytes)) {
    if (update.first && handed.length > 0) break;
    try {
      handed.push(await handTo(election, file, update, server));
    } catch (error) {
      // That a third box is to have it says the least of why none took it.
      if (failure === undefined || codeOf(failure) === 'update/other-box') failure = error;
    }
  }
  if (handed.length === 0) throw failure;
  return handed;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof UrnaError ? error.code : undefined;
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
    await keepReceipt(path, server, receipt);
  } catch (error) {
    if (codeOf(error) !== 'file/exists') throw error;
  }
}
