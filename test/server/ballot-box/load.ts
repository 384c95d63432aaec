import { setTimeout as pause } from 'node:timers/promises';
import { readPoll, readSlot, readSums } from '../../../contracts/client/ballots.ts';
import type { Ciphertext } from '../../../protocol/ballot/ciphertext.ts';
import { ciphertextWords } from '../../../protocol/ballot/ciphertext.ts';
import { at } from '../../../protocol/errors.ts';
import { sum } from '../../../protocol/math/curve.ts';
import type { SimulatedUpdate } from '../simulated-voters.ts';
import type { ServerWorld } from '../world.ts';

/** An update that at least one box has promised to post. */
export interface Promised {
  readonly update: SimulatedUpdate;
  /** Where to ask, and for what; and the block time by which it was to be on chain. */
  readonly receipts: readonly { readonly url: string; readonly tracker: string; readonly by: number }[];
}

/** What a box has promised in a receipt. */
export interface Receipt {
  readonly tracker: string;
  readonly poll: number;
  /** Of the slot once the update has taken effect. */
  readonly head: string;
  /** Block time by which it is on chain. */
  readonly by: number;
}

/** Hands an update to a box until it gives a receipt: whatever happens to the box, the same update again. @returns the receipt, or the code of a refusal that is no passing one */
export async function receiptFor(
  url: string,
  { body }: SimulatedUpdate,
  signal?: AbortSignal,
): Promise<Receipt | string> {
  for (;;) {
    if (signal?.aborted === true) return 'gave-up';
    const sent = { method: 'POST', body, headers: { 'content-type': 'application/json' }, ...(signal && { signal }) };
    const response = await fetch(`${url}/v1/updates`, sent).catch(() => undefined);
    const answer = (await response?.json().catch(() => undefined)) as
      { readonly statement?: Receipt; readonly type?: string } | undefined;
    if (answer?.statement !== undefined) return answer.statement;
    const code = /^urn:urna:error:(.+)$/u.exec(answer?.type ?? '')?.[1];
    // A receipt may have been lost with the box that wrote it: by now the update is on chain, or on its way.
    if (code === 'update/occupied' || code === 'update/stale') return code;
    // Who takes nothing at the moment is not asked all the time.
    await pause(response?.status === 503 ? 500 : 100);
  }
}

/** {@link receiptFor}; none if the box has no use for the update any more. */
export async function handIn(
  url: string,
  update: SimulatedUpdate,
  signal?: AbortSignal,
): Promise<Promised['receipts']> {
  const receipt = await receiptFor(url, update, signal);
  return typeof receipt === 'string' ? [] : [{ url, tracker: receipt.tracker, by: receipt.by }];
}

/** The fate of an update as a box tells it, once the box answers. */
export async function fateOf(receipt: Promised['receipts'][number]): Promise<string> {
  return (await askFate(receipt)).state;
}

async function askFate({ url, tracker }: Promised['receipts'][number]): Promise<{ state: string; block?: number }> {
  for (;;) {
    const response = await fetch(`${url}/v1/updates/${tracker}`).catch(() => undefined);
    const answer = (await response?.json().catch(() => undefined)) as { state?: string; block?: number } | undefined;
    if (answer?.state !== undefined) return { ...answer, state: answer.state };
    if (response?.status === 404) return { state: 'unknown' };
    await pause(100);
  }
}

/** Those of confirmed updates that came on chain later than their receipts say: `<seconds> late`. */
export async function lateOnes({ made }: ServerWorld, receipts: Promised['receipts']): Promise<string[]> {
  const late = receipts.map(async (receipt) => {
    const { block } = await askFate(receipt);
    if (block === undefined) return ['in no block'];
    const { timestamp } = await made.at.connection.rpc.getBlock({ blockNumber: BigInt(block) });
    return Number(timestamp) <= receipt.by ? [] : [`${Number(timestamp) - receipt.by} late`];
  });
  return (await Promise.all(late)).flat();
}

/** Updates of a poll that the chain does not hold, by their slots' heads. */
export async function missing({ made }: ServerWorld, updates: readonly SimulatedUpdate[]): Promise<SimulatedUpdate[]> {
  const words = await Promise.all(updates.map(({ after }) => readSlot(made.at, after.poll, after.nullifier)));
  return updates.filter(({ after }, i) => at(words, i) >> 8n !== after.head);
}

/** Whether the poll's sums are those of exactly these updates, each once. */
export async function countsOnce(
  { made }: ServerWorld,
  poll: number,
  updates: readonly SimulatedUpdate[],
): Promise<boolean> {
  const ciphertexts = updates.map(({ posted }): Ciphertext => posted.update.next);
  const [first] = ciphertexts;
  const expected = ciphertextWords({
    R: sum(ciphertexts.map(({ R }) => R)),
    C: (first?.C ?? []).map((_, lane) => sum(ciphertexts.map(({ C }) => at(C, lane)))),
  });
  const sums = await readSums(made.at, poll);
  const { nonEmpty } = await readPoll(made.at, poll);
  return nonEmpty === updates.length && expected.every((word, i) => word === sums[i]);
}
