import { concatBytes, decodeHex, encodeText, encodeWord } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';
import { keccak256 } from '../../../protocol/hash.ts';
import type { Entry } from '../../../protocol/record/entry.ts';
import { decodeRlp, encodeRlp, numberBytes, rlpBytes, rlpList, rlpNumber } from '../../../protocol/seals/rlp.ts';
import type { Seals } from '../../../protocol/seals/seals-file.ts';
import { decodeSeals, encodeSeals } from '../../../protocol/seals/seals-file.ts';
import { electionWords, storageRoot, storedWord } from '../../../protocol/seals/state.ts';
import { trieNodes, trieValue } from '../../../protocol/seals/trie.ts';
import type { Forged } from './reseal.ts';
import { FIELD, altered, fieldsOf, makeTrie, reseal, turnsFrom } from './reseal.ts';
import type { SealedElection } from './vector.ts';

/** A record of a sealed chain that is not what it says, or one that is unusual and right. */
export interface SealLie {
  readonly lie: string;
  /** The only check that fails; none for what is right. */
  readonly check: 20 | undefined;
  /** Words of what our verifier says of it. */
  readonly says: string;
  readonly forge: (true_: SealedElection) => SealedElection;
}

function withSeals(election: SealedElection, seals: Uint8Array | undefined): SealedElection {
  return { ...election, evidence: { ...election.evidence, seals } };
}

const sealsOf = ({ evidence }: SealedElection): Seals => decodeSeals(evidence.seals ?? new Uint8Array());

function withHeaders(election: SealedElection, change: (headers: readonly Uint8Array[]) => readonly Uint8Array[]) {
  const { headers, nodes } = sealsOf(election);
  return withSeals(election, encodeSeals({ headers: change(headers), nodes }));
}

/** The true run sealed anew, by default by each validator in turn. */
function resealed(election: SealedElection, forged: (turns: number[]) => Forged): SealedElection {
  return withHeaders(election, (headers) => {
    return reseal(headers, election.keys, forged(turnsFrom(headers, election.keys)));
  });
}

/** Without the last batch of ballots. */
function thinned(election: SealedElection): SealedElection {
  const last = election.entries.findLastIndex(({ kind }) => kind === 'updates');
  return { ...election, entries: election.entries.slice(0, last) };
}

/** The chain's state with another word among those where the election keeps its acts and times, sealed by all validators in turn. */
function otherWord(election: SealedElection, changed: number): SealedElection {
  const { headers, nodes } = sealsOf(election);
  const known = trieNodes(nodes);
  const state = rlpBytes(fieldsOf(at(headers, 0))[FIELD.stateRoot]);
  const { data } = election.entries.find(
    (entry): entry is Extract<Entry, { kind: 'defined' }> => entry.kind === 'defined',
  )!;
  const root = storageRoot(known, state, data.election)!;
  const places = electionWords({ acts: 0, approved: true, cancelled: false, certified: false }, [0]);
  const words = places.map(([place], i) => {
    const word = storedWord(known, root, place) + (i === changed ? 1n : 0n);
    return [encodeWord(place), encodeRlp(numberBytes(word))] as const;
  });
  const storage = makeTrie(words);
  const account = (address: typeof data.election, storageHash?: Uint8Array): readonly [Uint8Array, Uint8Array] => {
    const fields = [...rlpList(decodeRlp(trieValue(known, state, decodeHex(address, 20))!))];
    if (storageHash !== undefined) fields[2] = storageHash;
    return [decodeHex(address, 20), encodeRlp(fields)];
  };
  const forged = makeTrie([account(data.election, storage.root), account(data.ballots)]);
  const run = reseal(headers, election.keys, {
    sealers: turnsFrom(headers, election.keys),
    change: (fields, index) => {
      if (index === 0) fields[FIELD.stateRoot] = forged.root;
    },
  });
  return withSeals(election, encodeSeals({ headers: run, nodes: [...nodes, ...storage.nodes, ...forged.nodes] }));
}

/** Lies about seals, and a few things that are none. */
export const SEAL_LIES: readonly SealLie[] = [
  lie('a stranger sealed a block', 'no validator', (e) => resealed(e, ([, ...turns]) => ({ sealers: [-1, ...turns] }))),
  lie('a stranger sealed the last block', 'no validator', (e) =>
    resealed(e, (turns) => ({ sealers: [...turns.slice(0, -1), -1] })),
  ),
  lie('a validator sealed two blocks in a row', 'must wait', (e) =>
    resealed(e, ([a = 0, , ...turns]) => ({ sealers: [a, a, ...turns] })),
  ),
  lie('a block has another difficulty than its turn', 'difficulty', (e) =>
    resealed(e, (sealers) => ({
      sealers,
      spoil: (fields, i) => i === 2 && (fields[FIELD.difficulty] = Uint8Array.of(1)),
    })),
  ),
  lie('a block claims a turn that is not its sealer’s', 'difficulty', (e) =>
    resealed(e, ([a = 0, b = 0, ...others]) => ({
      sealers: [a, (b + 1) % 3, a, ...others.slice(1).map((_, i) => (b + i) % 3)],
      spoil: (fields) => (fields[FIELD.difficulty] = Uint8Array.of(2)),
    })),
  ),
  lie('a header was altered after it was sealed', 'no validator', (e) =>
    withHeaders(e, ([first, ...others]) => [altered(first!, FIELD.gasUsed, Uint8Array.of(1)), ...others]),
  ),
  lie('the last header was altered after it was sealed', 'no validator', (e) =>
    withHeaders(e, (all) => [...all.slice(0, -1), altered(at(all, all.length - 1), FIELD.gasUsed, Uint8Array.of(1))]),
  ),
  lie('the run is cut short', '4 are needed', (e) => withHeaders(e, (headers) => headers.slice(0, -1))),
  lie('there is no header', '4 are needed', (e) => withHeaders(e, () => [])),
  lie('a header of the run is left out', 'does not stand on', (e) =>
    withHeaders(e, ([a, , ...others]) => [a!, ...others, others.at(-1)!]),
  ),
  lie('a block does not stand on the one before', 'does not stand on', (e) =>
    resealed(e, (sealers) => ({
      sealers,
      spoil: (fields, i) => i === 1 && (fields[FIELD.parent] = keccak256(Uint8Array.of(9))),
    })),
  ),
  lie('a block is as old as the one before', 'not later', (e) =>
    resealed(e, (sealers) => ({ sealers, change: (fields) => (fields[FIELD.time] = numberBytes(4_000_000_000n)) })),
  ),
  lie('an epoch’s block lists other signers', 'other signers', (e) =>
    resealed(e, (sealers) => ({
      sealers,
      change: (fields, i) => {
        if (i === 1) fields[FIELD.extra] = concatBytes(new Uint8Array(52).fill(7), new Uint8Array(65));
      },
    })),
  ),
  lie('a minority’s fork, which lacks ballots', 'must wait', (e) => {
    const headers = decodeSeals(e.earlier).headers;
    const fork = reseal(headers, e.keys, { sealers: [0, 0, 0, 0] });
    return withSeals(thinned(e), encodeSeals({ ...decodeSeals(e.earlier), headers: fork }));
  }),
  lie('ballots are left out of the record', 'other ballots', thinned),
  lie('the seals are older than the record', 'stands after block', (e) => withSeals(e, e.earlier)),
  lie('the chain counts another act of the officers', 'other acts', (e) => otherWord(e, 0)),
  lie('the chain knows of another extension', 'other acts', (e) => otherWord(e, 1)),
  lie('the chain closes at another time', 'other acts', (e) => otherWord(e, 2)),
  right('the same words stand in a smaller state', (e) => otherWord(e, -1)),
  lie('the state is that of another chain', 'no such election', (e) =>
    resealed(e, (sealers) => ({
      sealers,
      change: (fields, i) => i === 0 && (fields[FIELD.stateRoot] = keccak256(Uint8Array.of(0x80))),
    })),
  ),
  lie('a node of the state is missing', 'is missing', (e) => {
    const { headers, nodes } = sealsOf(e);
    const root = rlpBytes(fieldsOf(at(headers, 0))[FIELD.stateRoot]).join();
    return withSeals(e, encodeSeals({ headers, nodes: nodes.filter((node) => keccak256(node).join() !== root) }));
  }),
  lie('there are no seals', 'seals.json is missing', (e) => withSeals(e, undefined)),
  lie('the seals are no JSON', 'not a JSON', (e) => withSeals(e, encodeText('{'))),
  lie('the seals have a member more', 'unknown member', (e) =>
    withSeals(e, encodeText('{"headers":[],"more":0,"nodes":[],"version":1}')),
  ),
  lie('a header is no RLP', 'RLP', (e) => withHeaders(e, ([, ...others]) => [Uint8Array.of(0xc1), ...others])),
  lie('a header has a field more', '17 items', (e) =>
    withHeaders(e, ([first, ...others]) => [encodeRlp([...fieldsOf(first!), new Uint8Array(32)]), ...others]),
  ),
  right('a validator’s vote is nobody’s business', (e) =>
    resealed(e, (sealers) => ({
      sealers,
      change: (fields) => {
        fields[FIELD.coinbase] = new Uint8Array(20).fill(1);
        fields[FIELD.nonce] = new Uint8Array(8).fill(255);
      },
    })),
  ),
  right('an epoch’s block lists the validators', (e) =>
    resealed(e, (sealers) => ({
      sealers,
      change: (fields, i) => {
        const listed = decodeHex(
          `0x${validators(e)
            .map((each) => each.slice(2))
            .join('')}`,
        );
        if (i === 1) fields[FIELD.extra] = concatBytes(new Uint8Array(32), listed, new Uint8Array(65));
      },
    })),
  ),
  right('there are more headers than are needed', (e) => withHeaders(e, (headers) => more(e, headers))),
  right('one validator of three is silent', (e) => resealed(e, ([a = 0, b = 0]) => ({ sealers: [a, b, a, b] }))),
];

function lie(words: string, says: string, forge: SealLie['forge']): SealLie {
  return { lie: words, check: 20, says, forge };
}

function right(words: string, forge: SealLie['forge']): SealLie {
  return { lie: words, check: undefined, says: 'A majority of the validators', forge };
}

function validators({ evidence }: SealedElection): readonly string[] {
  const { chain } = JSON.parse(new TextDecoder().decode(evidence.definition)) as { chain: { validators: string[] } };
  return chain.validators;
}

/** The run and two blocks more. */
function more({ keys }: SealedElection, headers: readonly Uint8Array[]): Uint8Array[] {
  const sealers = turnsFrom(headers, keys, headers.length + 2);
  const start = rlpNumber(fieldsOf(at(headers, 0))[FIELD.time]);
  return reseal(headers, keys, {
    sealers,
    change: (fields, i) => (fields[FIELD.time] = numberBytes(start + BigInt(i))),
  });
}
