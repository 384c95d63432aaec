import { UrnaError } from '../../../protocol/errors.ts';
import { loadElection } from '../election/definition-file.ts';
import { askUntil } from '../frame/ask-until.ts';
import { flag } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { renderTable } from '../frame/table.ts';
import { boxOf, fetchFate } from '../../http/ballot-box.ts';
import type { Fate } from '../../http/ballot-box.ts';
import { decodeKeptReceipt } from '../../http/kept-receipt.ts';
import type { KeptReceipt } from '../../http/kept-receipt.ts';
import { readText } from '../../../protocol/node/files.ts';

/** Milliseconds between two questions in the end. */
const RARELY = 10_000;

/** What a box says of the update of a receipt. */
interface Followed extends Fate {
  readonly receipt: string;
  readonly box: string;
}

/**
 * `urna voter follow`: asks the boxes of receipts until each ballot is on chain. Accepted is not counted: until then keep the update file.
 * What is on chain "voter slot" shows without asking a box.
 *
 * @throws the code for which a ballot was returned (exit 4): it has to be made again, with fresh randomness
 */
export async function follow(call: Invocation): Promise<Outcome> {
  const { definition, context } = await loadElection(call);
  const kept = await Promise.all(
    call.args.map(async (receipt) => {
      const opened = decodeKeptReceipt(await readText(receipt, 2 ** 16));
      return { receipt, box: boxOf(definition, context, opened.promise), opened };
    }),
  );
  const fates: Followed[] = [];
  for (const { receipt, box, opened } of kept) {
    fates.push({ receipt, box, ...(await (flag(call, 'once') ? look(opened) : lookUntilOver(opened))) });
  }
  const returned = fates.find(({ state }) => state === 'returned');
  if (returned !== undefined) refuse(returned);
  const rows = fates.map(({ receipt, box, state, block }) => [
    receipt,
    box,
    state,
    block === null ? '' : String(block),
  ]);
  const outcome = { data: { ballots: fates }, text: renderTable(['receipt', 'box', 'state', 'block'], rows) };
  const over = fates.every(({ state }) => state === 'confirmed');
  return over ? outcome : { ...outcome, exit: 6, code: 'incomplete/ballot' };
}

function refuse({ receipt, code }: Followed): never {
  const known = /^[a-z0-9-]+\/[a-z0-9-]+$/u.test(code) ? code : 'update/stale';
  const advice =
    known === 'update/replaced'
      ? 'a later ballot of yours took its place: follow that one'
      : 'it is not counted: make it again with "urna voter change", or "voter cast" if your slot is empty';
  throw new UrnaError(known, `${receipt}: ${advice}`);
}

function lookUntilOver(kept: KeptReceipt): Promise<Fate> {
  const isOver = ({ state }: Fate): boolean => state === 'confirmed' || state === 'returned';
  return askUntil(() => look(kept), isOver, RARELY);
}

function look({ server, promise }: KeptReceipt): Promise<Fate> {
  return fetchFate(server, promise.tracker);
}
