import { UrnaError } from '../../../protocol/errors.ts';
import { loadElection } from '../election/definition-file.ts';
import { askUntil } from '../frame/ask-until.ts';
import { flag } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { renderTable } from '../frame/table.ts';
import { boxOf, fetchFate } from '../../http/ballot-box.ts';
import type { Fate, FateState } from '../../http/ballot-box.ts';
import { decodeKeptReceipt } from '../../http/kept-receipt.ts';
import type { KeptReceipt } from '../../http/kept-receipt.ts';
import { readText } from '../../../protocol/node/files.ts';

/** Milliseconds between two questions in the end. */
const RARELY = 10_000;

/** A receipt whose box can be asked. */
interface OpenedReceipt extends KeptReceipt {
  readonly receipt: string;
  readonly box: string;
}

/** What a box says of the ballot of a receipt. */
interface Followed extends Fate {
  readonly receipt: string;
  readonly box: string;
}

/**
 * `urna voter follow`: asks the boxes of receipts until each ballot is on chain. Accepted is not counted: until then keep the update file.
 * Where two boxes have promised one ballot, one of them is enough. What is on chain "voter slot" shows without asking a box.
 *
 * @throws the code for which a ballot was returned (exit 4): it has to be made again, with fresh randomness
 */
export async function follow(call: Invocation): Promise<Outcome> {
  const { definition, context } = await loadElection(call);
  const kept = await Promise.all(
    call.args.map(async (receipt): Promise<OpenedReceipt> => {
      const opened = decodeKeptReceipt(await readText(receipt, 2 ** 16));
      return { receipt, box: boxOf(definition, context, opened.promise), ...opened };
    }),
  );
  const fates: Followed[] = [];
  for (const receipts of byBallot(kept)) {
    fates.push(await (flag(call, 'once') ? look(receipts) : lookUntilOver(receipts)));
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

/** Receipts for the same update stand together. */
function byBallot(receipts: readonly OpenedReceipt[]): readonly (readonly OpenedReceipt[])[] {
  const ballots = new Map<string, OpenedReceipt[]>();
  for (const receipt of receipts) {
    const { poll, head } = receipt.promise;
    const same = `${poll}:${head}`;
    ballots.set(same, [...(ballots.get(same) ?? []), receipt]);
  }
  return [...ballots.values()];
}

function lookUntilOver(receipts: readonly OpenedReceipt[]): Promise<Followed> {
  const isOver = ({ state }: Fate): boolean => state === 'confirmed' || state === 'returned';
  return askUntil(() => look(receipts), isOver, RARELY);
}

/** States, what says most of a ballot that several boxes were given first. */
const TELLING: readonly FateState[] = ['confirmed', 'sent', 'waiting', 'returned'];

/**
 * What the boxes that answer say of a ballot: that it is on chain counts for more than that it waits, and that for more than that it was returned.
 *
 * @throws what a box said, if no other has more than a return to tell: it may still post the ballot
 */
async function look(receipts: readonly OpenedReceipt[]): Promise<Followed> {
  const told: Followed[] = [];
  let [silent, lost]: unknown[] = [];
  for (const { receipt, box, server, promise } of receipts) {
    try {
      told.push({ receipt, box, ...(await fetchFate(server, promise.tracker)) });
    } catch (error) {
      // A box that knows nothing of it any more has lost its store, and will not post it.
      if (error instanceof UrnaError && error.code === 'not-found/tracker') lost = error;
      else silent = error;
    }
  }
  const best = TELLING.map((state) => told.find((each) => each.state === state)).find((each) => each !== undefined);
  if (best === undefined || (best.state === 'returned' && silent !== undefined)) throw silent ?? lost;
  return best;
}
