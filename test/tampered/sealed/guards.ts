import { addressOfKey } from '../../../protocol/acts/signature.ts';
import { encodeText, wordHex } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';
import { keccak256 } from '../../../protocol/hash.ts';
import type { Entry } from '../../../protocol/record/entry.ts';
import { numberBytes, rlpNumber } from '../../../protocol/seals/rlp.ts';
import type { SealLie } from './lie.ts';
import { lie, resealed, right, withHeaders, withSeals } from './lie.ts';
import { FIELD, fieldsOf, reseal } from './reseal.ts';
import { ACTS, add, pollPlaces, withState } from './state.ts';
import { withoutPoll } from './state-lies.ts';
import type { SealedElection } from './vector.ts';

/** An election of so many validators: what else the definition then contradicts, other checks find. */
export function amongst(count: number, election: SealedElection): SealedElection {
  const keys = Array.from({ length: count }, (_, i) => keccak256(encodeText(`validator ${i}`)));
  const sorted = keys
    .map((key) => ({ key, address: addressOfKey(key) }))
    .sort((a, b) => (a.address < b.address ? -1 : 1));
  const list = JSON.stringify(sorted.map(({ address }) => address));
  const definition = new TextDecoder().decode(election.evidence.definition);
  return {
    ...election,
    keys: sorted.map(({ key }) => key),
    evidence: {
      ...election.evidence,
      definition: encodeText(definition.replace(/"validators":\[[^\]]*\]/u, `"validators":${list}`)),
    },
  };
}

/** A run whose blocks are sealed by these of so many validators, counted from the one whose turn the first block is. */
function sealedBy(count: number, sealers: readonly number[], election: SealedElection): SealedElection {
  const among = amongst(count, election);
  return withHeaders(among, (headers) => {
    const fields = fieldsOf(at(headers, 0));
    const [number, time] = [rlpNumber(fields[FIELD.number]), rlpNumber(fields[FIELD.time])];
    return reseal(headers, among.keys, {
      sealers: sealers.map((turn) => (Number(number) + turn) % count),
      change: (each, i) => (each[FIELD.time] = numberBytes(time + BigInt(i))),
    });
  });
}

const without = (election: SealedElection, kind: Entry['kind']): SealedElection => ({
  ...election,
  entries: election.entries.filter((entry) => entry.kind !== kind),
});

/** The record with a copy of one of its entries, changed, at a place. */
function withCopy(
  election: SealedElection,
  kind: Entry['kind'],
  place: number,
  change: (data: Record<string, unknown>) => void,
): SealedElection {
  const entries = [...election.entries];
  const copy = JSON.parse(JSON.stringify(entries.find((entry) => entry.kind === kind))) as Entry;
  change(copy.data as unknown as Record<string, unknown>);
  entries.splice(place < 0 ? entries.length : place, 0, copy);
  return { ...election, entries };
}

const otherKey = (data: Record<string, unknown>): void => {
  data['k'] = `0x${'11'.repeat(64)}`;
};

/** Records in which other checks find something, too, and what check 20 alone has to say of them. */
export const SEAL_GUARDS: readonly SealLie[] = [
  right('the only validator seals every block', (e) => sealedBy(1, [0, 0, 0, 0], e)),
  lie('the only validator seals too few blocks', '4 are needed', (e) => sealedBy(1, [0, 0, 0], e)),
  right('two validators seal in turn', (e) => sealedBy(2, [0, 1, 2, 3], e)),
  lie('one of two validators seals alone', 'must wait', (e) => sealedBy(2, [0, 2, 4, 6], e)),
  right('five of eight validators seal in turn', (e) => sealedBy(8, [0, 1, 2, 3, 4, 0], e)),
  lie('five of eight validators seal too few blocks', '6 are needed', (e) => sealedBy(8, [0, 1, 2, 3, 4], e)),
  lie('four of eight validators seal alone', 'must wait', (e) => sealedBy(8, [0, 1, 2, 3, 0, 1], e)),
  lie('one of eight validators seals too early, at the end', 'must wait', (e) => sealedBy(8, [0, 1, 2, 3, 4, 1], e)),
  right('seven validators need three blocks on top', (e) => sealedBy(7, [0, 1, 2, 3, 4], e)),
  lie('seven validators seal too few blocks', '5 are needed', (e) => sealedBy(7, [0, 1, 2, 3], e)),
  lie('the record does not say which election', 'which contracts are the election', (e) => without(e, 'defined')),
  right('the record names other contracts a second time', (e) =>
    withCopy(e, 'defined', -1, (data) => (data['ballots'] = data['roll'])),
  ),
  lie('the record names other ballots', 'no such election', (e) =>
    withCopy(e, 'defined', 0, (data) => (data['ballots'] = `0x${'77'.repeat(20)}`)),
  ),
  lie('the record has no approval', 'other acts', (e) => without(e, 'approve')),
  right('neither chain nor record have an approval', (e) =>
    withState(without(e, 'approve'), ({ election }) => add(election, ACTS, -(1n << 64n) - 1n)),
  ),
  right('chain and record have a certificate', (e) =>
    withState(certified(e), ({ election }) => add(election, ACTS, (1n << 80n) + 1n)),
  ),
  lie('only the record has a certificate', 'other acts', (e) =>
    withState(certified(e), ({ election }) => add(election, ACTS, 1n)),
  ),
  right('a poll is made ready a second time, with another K_poll', (e) => withCopy(e, 'poll-ready', -1, otherKey)),
  right('a poll is made ready before its roll, with another K_poll', (e) => withCopy(e, 'poll-ready', 0, otherKey)),
  right('a poll that there is not is made ready', (e) =>
    withCopy(e, 'poll-ready', -1, (data) => {
      data['poll'] = 7;
      otherKey(data);
    }),
  ),
  lie('a poll is ready on the chain that no entry made ready', 'other ballots in poll 1', (e) =>
    withState(withoutPoll(e), ({ ballots }) => ballots.set(pollPlaces(1).size, 1n)),
  ),
  lie('an entry before the last one stands in a later block', 'stands after block', (e) => inDisorder(e, 'block')),
  lie('an entry before the last one is of a later time', 'stands after block', (e) => inDisorder(e, 'time')),
  right('a definition without validators has no use for seals', (e) => withSeals(unsealed(e), undefined)),
  right('a definition without validators does not ask what the seals are', (e) =>
    withSeals(unsealed(e), encodeText('{')),
  ),
  lie('a header of the run is nobody’s, and there are three validators', 'no validator', (e) =>
    resealed(e, ([, , , last = 0]) => ({ sealers: [-1, -1, -1, last] })),
  ),
];

function certified(election: SealedElection): SealedElection {
  const act = (election.entries.find(({ kind }) => kind === 'approve')?.data as { readonly act: unknown }).act;
  const last = at(election.entries, election.entries.length - 1);
  const entry = { ...last, seq: last.seq + 1, kind: 'certify', data: { act, resultHash: wordHex(1n) } };
  return { ...election, entries: [...election.entries, entry as unknown as Entry] };
}

/** The entry before the last one is of a block or time long after it. */
function inDisorder(election: SealedElection, member: 'block' | 'time'): SealedElection {
  const before = election.entries.length - 2;
  return {
    ...election,
    entries: election.entries.map((entry, i) =>
      i === before ? { ...entry, [member]: entry[member] + 10_000 } : entry,
    ),
  };
}

function unsealed(election: SealedElection): SealedElection {
  const definition = new TextDecoder().decode(election.evidence.definition).replace(/,"validators":\[[^\]]*\]/u, '');
  return { ...election, evidence: { ...election.evidence, definition: encodeText(definition) } };
}
