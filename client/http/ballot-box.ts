import { lanesFor } from '../../protocol/ballot/rules.ts';
import { nextHead } from '../../protocol/ballot/slot.ts';
import { decodeUpdateFile, sentUpdate } from '../../protocol/ballot/update-file.ts';
import { parseCanonical } from '../../protocol/canonical-json.ts';
import type { Json } from '../../protocol/canonical-json.ts';
import type { ElectionContext } from '../../protocol/credentials/registration.ts';
import type { Definition } from '../../protocol/definition/definition.ts';
import { polls } from '../../protocol/definition/polls.ts';
import { UrnaError, at, require } from '../../protocol/errors.ts';
import { shuffle } from '../../protocol/random.ts';
import type { RandomBytes } from '../../protocol/random.ts';
import { readUpdateReceipt } from '../../protocol/receipts/update-receipt.ts';
import type { UpdatePromise } from '../../protocol/receipts/update-receipt.ts';
import { getJson, postJson } from './ask.ts';
import type { ServerUrl } from './server-url.ts';

/** An update as a box takes it, and what its receipt has to be for. */
export interface ReadyUpdate {
  /** Canonical JSON (SPEC §17.2). */
  readonly text: string;
  readonly poll: number;
  /** Whether it is the first of its slot. */
  readonly first: boolean;
  /** The slot's head once the update is on chain. */
  readonly head: bigint;
}

/** @throws `update/election`, `update/poll`, `update/file` */
export function readUpdate(definition: Definition, context: ElectionContext, text: string): ReadyUpdate {
  const update = decodeUpdateFile(text);
  const own = update.context.chainId === context.chainId && update.context.election === context.election;
  require(own, 'update/election', 'the update is for another chain or contract');
  const poll = polls(definition)[update.poll];
  require(poll !== undefined, 'update/poll', 'there is no such poll');
  const lanes = lanesFor(at(definition.contests, poll.contest).options.length);
  const { previous, next } = sentUpdate(update, lanes);
  const before = previous === undefined ? 0n : nextHead(previous.head, previous.ciphertext);
  return { text, poll: update.poll, first: update.first, head: nextHead(before, next) };
}

/** A box's answer: what it promises, and the signed receipt as it gave it. */
export interface Promised {
  /** Id of the box in the definition. */
  readonly box: string;
  readonly promise: UpdatePromise;
  readonly receipt: Json;
}

/**
 * Hands an update to one box. Its receipt is believed only if a box of the definition has signed it for this very update.
 *
 * @throws the box's code, `receipt/*`, `server/*`
 */
export async function postUpdate(
  definition: Definition,
  context: ElectionContext,
  { text, poll, head }: ReadyUpdate,
  server: ServerUrl,
): Promise<Promised> {
  const receipt = await postJson(server, '/v1/updates', parseCanonical(text));
  const promise = readUpdateReceipt(receipt);
  const box = boxOf(definition, context, promise);
  const same = promise.head === head && promise.poll === poll;
  require(same, 'receipt/statement', 'the box’s receipt is for another update: it may not have stored this one');
  return { box, promise, receipt };
}

/** Boxes that are to have a first ballot: should one be gone for good with all that it holds, the other posts it (SPEC §17.2). */
const TAKERS_OF_FIRSTS = 2;

/**
 * Hands an update to ballot boxes: a first ballot to two of them, others if one fails; a changed one to all, since the box of its round
 * and that of the next are to have it (DESIGN §2.5).
 *
 * @param post - hands it to one box and keeps what that answers
 * @throws what a box answered if none took it
 */
export async function handIn<T>(
  { first }: ReadyUpdate,
  servers: readonly ServerUrl[],
  random: RandomBytes,
  post: (server: ServerUrl) => Promise<T>,
): Promise<readonly T[]> {
  const handed: T[] = [];
  let failure: unknown;
  for (const server of shuffle(servers, random)) {
    if (first && handed.length === TAKERS_OF_FIRSTS) break;
    try {
      handed.push(await post(server));
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

/** Id of the box that made a promise for this election. @throws `receipt/statement` */
export function boxOf(
  { boxes }: Definition,
  { chainId, election }: ElectionContext,
  { context, box }: UpdatePromise,
): string {
  const own = context.chainId === chainId && context.election === election;
  const found = boxes.find(({ address }) => address === box);
  require(own && found !== undefined, 'receipt/statement', 'the receipt is not from a box of this election');
  return found.id;
}

/** Whether a box may answer otherwise in a moment: it was not reached, or has too much to do. */
export function isTransient(error: unknown): boolean {
  return error instanceof UrnaError && /^(?:server\/unreachable|busy\/.*|request\/rate)$/u.test(error.code);
}

/** What becomes of an update (SPEC §17.2); what is `waiting` or `sent` is not counted yet. */
export type FateState = 'waiting' | 'sent' | 'confirmed' | 'returned';

const STATES: readonly FateState[] = ['waiting', 'sent', 'confirmed', 'returned'];

/** What a box says of an update. */
export interface Fate {
  readonly state: FateState;
  /** Why it was returned; empty otherwise. */
  readonly code: string;
  readonly block: number | null;
  readonly transaction: string | null;
}

/** Asks a box what became of an update. @throws the box's code, `server/*` */
export async function fetchFate(server: ServerUrl, tracker: string): Promise<Fate> {
  const answer = await getJson(server, `/v1/updates/${tracker}`);
  const { state, code, block = null, transaction = null } = (answer ?? {}) as Readonly<Record<string, Json>>;
  const known = STATES.find((each) => each === state);
  if (known === undefined || typeof code !== 'string') {
    throw new UrnaError('server/answer', 'the box’s answer makes no sense: is this the right address?');
  }
  return {
    ...{ state: known, code },
    block: typeof block === 'number' ? block : null,
    transaction: typeof transaction === 'string' ? transaction : null,
  };
}
