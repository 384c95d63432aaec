import { extendObject, cancelObject } from '../../../protocol/acts/objects.ts';
import { orderSignatures } from '../../../protocol/acts/quorum.ts';
import { signDigest } from '../../../protocol/acts/signature.ts';
import type { ActName } from '../../../protocol/acts/typed-data.ts';
import { actDigest } from '../../../protocol/acts/typed-data.ts';
import { encodeHex, wordHex } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';
import type { Entry } from '../../../protocol/record/entry.ts';
import { OFFICERS } from '../../contracts/fixture/config.ts';
import type { SealLie } from './lie.ts';
import { lie, right } from './lie.ts';
import type { StateWords } from './state.ts';
import { ACTS, CLOSINGS, add, closingPlace, pollPlaces, withState } from './state.ts';
import type { SealedElection } from './vector.ts';

const [NORTH, SOUTH] = [pollPlaces(0), pollPlaces(1)];
const [APPROVED, CANCELLED, CERTIFIED] = [1n << 64n, 1n << 72n, 1n << 80n];
/** Of the word of a poll: its members, boxes and lanes, and that it is ready. */
const [MEMBER, BOX, LANE, READY] = [1n << 32n, 1n << 64n, 1n << 80n, 1n << 88n];

const other = (words: string, place: bigint, by: bigint): SealLie =>
  lie(words, 'other acts', (e) => withState(e, ({ election }) => add(election, place, by)));

const otherPoll = (words: string, poll: 0 | 1, place: bigint, by: bigint): SealLie =>
  lie(words, `other ballots in poll ${poll}`, (e) => withState(e, ({ ballots }) => add(ballots, place, by)));

/** Each word of the chain's state that a verifier recomputes, one after the other another than the record says. */
export const STATE_LIES: readonly SealLie[] = [
  other('the chain counts another act of the officers', ACTS, 1n),
  other('the chain counts an act of the officers less', ACTS, -1n),
  other('the chain has not approved the election', ACTS, -APPROVED),
  other('the chain has cancelled the election', ACTS, CANCELLED),
  other('the chain has certified a result', ACTS, CERTIFIED),
  other('the chain knows of another extension', CLOSINGS, 1n),
  other('the chain closes at another time', closingPlace(0), 1n),
  other('the chain has a second closing time', closingPlace(0), 1n << 64n),
  right('the same words stand in a smaller state', (e) => withState(e, () => undefined)),
  right('a word more stands behind the closing times', (e) =>
    withState(e, ({ election }) => add(election, closingPlace(1), 1n)),
  ),
  lie('the state has no such election, and its ballots', 'no such election', (e) =>
    withState(e, () => undefined, { isLost: 'election' }),
  ),
  lie('the state has no such ballots, and their election', 'no such election', (e) =>
    withState(e, () => undefined, { isLost: 'ballots' }),
  ),
  otherPoll('the chain has a ballot less in a poll', 0, NORTH.size, -1n),
  otherPoll('the chain has a first ballot in the other poll', 1, SOUTH.size, 1n),
  otherPoll('the chain has another number of members in a poll', 0, NORTH.size, MEMBER),
  otherPoll('the chain has another number of boxes in a poll', 0, NORTH.size, BOX),
  otherPoll('the chain has another number of lanes in a poll', 0, NORTH.size, LANE),
  otherPoll('the chain has a poll that is not ready', 0, NORTH.size, -READY),
  otherPoll('the chain has another x of K_poll', 0, at(NORTH.key, 0), 1n),
  otherPoll('the chain has another y of K_poll', 0, at(NORTH.key, 1), 1n),
  otherPoll('the chain has another x of K_poll in the other poll', 1, at(SOUTH.key, 0), 1n),
  otherPoll('the chain has another sum of R', 0, at(NORTH.sums, 0), 1n),
  otherPoll('the chain has another y of the sum of R', 0, at(NORTH.sums, 1), 1n),
  otherPoll('the chain has another sum of C', 0, at(NORTH.sums, 2), 1n),
  otherPoll('the chain has another y of the sum of C', 0, at(NORTH.sums, 3), 1n),
  otherPoll('the chain has a sum in the other poll, in which nobody voted', 1, at(SOUTH.sums, 0), 1n),
  lie('the chain never made the other poll ready', 'other ballots in poll 1', (e) => withState(e, unready)),
  lie('the record leaves out that the other poll was made ready', 'other ballots in poll 1', withoutPoll),
  right('the other poll is not ready yet, on the chain as in the record', (e) => withState(withoutPoll(e), unready)),
  right('the vote was extended', (e) => extended(e, 1, 1)),
  right('the vote was extended three times', (e) => extended(e, 3, 3)),
  right('the vote was extended four times', (e) => extended(e, 4, 4)),
  right('the vote was extended eight times', (e) => extended(e, 8, 8)),
  lie('the chain knows nothing of the record’s extension', 'other acts', (e) =>
    withState(extend(e, 1), () => undefined),
  ),
  lie('the chain knows nothing of the record’s eighth extension', 'other acts', (e) => extended(e, 8, 7)),
  lie('the chain has another time for the fifth extension', 'other acts', (e) => extended(e, 8, 8, 1n << 64n)),
  right('the officers cancelled the election', (e) =>
    withState(cancelled(e), (w) => add(w.election, ACTS, 1n + CANCELLED)),
  ),
  lie('the chain knows nothing of the record’s cancellation', 'other acts', (e) =>
    withState(cancelled(e), ({ election }) => add(election, ACTS, 1n)),
  ),
];

function unready({ ballots }: StateWords): void {
  for (const place of [SOUTH.size, ...SOUTH.key, ...SOUTH.sums]) ballots.set(place, 0n);
}

/** A record that does not say that the other poll, in which nobody voted, was made ready. */
export function withoutPoll(election: SealedElection): SealedElection {
  const entries = election.entries.filter((entry) => entry.kind !== 'poll-ready' || entry.data.poll === 0);
  return { ...election, entries: entries.map((entry, seq) => ({ ...entry, seq })) };
}

/** The record with an act more of its officers, at its end. */
function withAct(election: SealedElection, name: ActName, object: bigint, kind: string, data: object): SealedElection {
  const { entries } = election;
  const last = at(entries, entries.length - 1);
  const { data: defined } = entries.find(
    (entry): entry is Extract<Entry, { kind: 'defined' }> => entry.kind === 'defined',
  )!;
  const number = entries.filter((entry) => 'act' in entry.data && entry.data.act !== null).length;
  const domain = { chainId: BigInt(defined.chainId), election: defined.election };
  const expiry = last.time + 1000;
  const digest = actDigest(domain, { name, number: BigInt(number), object, expiry: BigInt(expiry) });
  const signatures = OFFICERS.slice(0, 2).map(({ privateKey }) => signDigest(digest, privateKey));
  const act = { number, expiry, signatures: orderSignatures(digest, signatures).map(encodeHex) };
  const entry = { ...last, seq: entries.length, kind, data: { act, ...data } } as unknown as Entry;
  return { ...election, entries: [...entries, entry] };
}

function closesAt({ evidence }: SealedElection): number {
  const { times } = JSON.parse(new TextDecoder().decode(evidence.definition)) as { times: { closesAt: number } };
  return times.closesAt;
}

/** The record with so many extensions, of ten seconds each. */
function extend(election: SealedElection, count: number): SealedElection {
  let longer = election;
  for (let i = 1; i <= count; i++) {
    const closing = closesAt(election) + 10 * i;
    const data = { closesAt: closing, reasonHash: wordHex(1n) };
    longer = withAct(longer, 'extend', extendObject(BigInt(closing), 1n), 'extend', data);
  }
  return longer;
}

/** So many extensions in the record, and so many of them on chain. @param by - what is added to the second word of closing times */
function extended(election: SealedElection, count: number, known: number, by = 0n): SealedElection {
  return withState(extend(election, count), ({ election: words }) => {
    add(words, ACTS, BigInt(count));
    add(words, CLOSINGS, BigInt(known));
    for (let i = 1; i <= known; i++) {
      const time = BigInt(closesAt(election) + 10 * i);
      add(words, closingPlace(Math.floor(i / 4)), time << BigInt(64 * (i % 4)));
    }
    if (by > 0n) add(words, closingPlace(1), by);
  });
}

function cancelled(election: SealedElection): SealedElection {
  return withAct(election, 'cancel', cancelObject(1n), 'cancel', { reasonHash: wordHex(1n) });
}
