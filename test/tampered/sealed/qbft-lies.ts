import { at } from '../../../protocol/errors.ts';
import { keccak256 } from '../../../protocol/hash.ts';
import { encodeRlp, numberBytes } from '../../../protocol/seals/rlp.ts';
import { encodeSeals } from '../../../protocol/seals/seals-file.ts';
import type { SealLie } from './lie.ts';
import { lie, right, sealsOf, thinned, withHeaders, withSeals } from './lie.ts';
import { QBFT_FORMAT_LIES } from './qbft-format-lies.ts';
import { FIELD, altered, fieldsOf } from './reseal.ts';
import type { QbftSeals } from './seal-qbft.ts';
import { MIX, addressesOf, otherSeal, qbftKeys, sealQbft } from './seal-qbft.ts';
import type { SealedElection } from './vector.ts';
import { readSealedElection } from './vector.ts';

/** The true header sealed anew. */
export function resealedQbft(election: SealedElection, forged: QbftSeals): SealedElection {
  return withHeaders(election, (headers) => [sealQbft(fieldsOf(at(headers, 0)), election.keys, forged)]);
}

const QUORUM = [0, 1, 2];
const lastOf = ({ entries }: SealedElection) => at(entries, entries.length - 1);
const numbered = (field: number, value: number): QbftSeals => ({
  sealers: QUORUM,
  change: (fields) => (fields[field] = numberBytes(BigInt(value))),
});

/** Who sealed what, by QBFT's rules: lies, and what is unusual and right. Four validators, of whom three have to seal. */
const SEALERS: readonly SealLie[] = [
  lie('two of four validators sealed', '3 are needed', (e) => resealedQbft(e, { sealers: [0, 3] })),
  lie('nobody sealed the block', '3 are needed', (e) => resealedQbft(e, { sealers: [] })),
  lie('a stranger’s seal makes up a quorum', 'no validator', (e) => resealedQbft(e, { sealers: [0, 1, -1] })),
  lie('a stranger sealed beside a quorum', 'no validator', (e) => resealedQbft(e, { sealers: [-1, ...QUORUM] })),
  lie('a validator sealed twice to make up a quorum', 'sealed twice', (e) => resealedQbft(e, { sealers: [0, 1, 1] })),
  lie('a validator sealed twice beside a quorum', 'sealed twice', (e) => resealedQbft(e, { sealers: [...QUORUM, 0] })),
  lie('a validator’s two forms of one seal make up a quorum', 'sealed twice', (e) =>
    resealedQbft(e, { sealers: [0, 1], seals: ([a, b]) => [a!, b!, otherSeal(b!)] }),
  ),
  lie('there are more seals than validators', 'more seals', (e) => resealedQbft(e, { sealers: [0, 1, 2, 3, 0] })),
  lie('the seals are of a later round', 'no validator', (e) => resealedQbft(e, { sealers: QUORUM, signedRound: 1 })),
  lie('the seals are of the block’s hash, which has no round', 'no validator', (e) =>
    resealedQbft(e, { sealers: QUORUM, round: 1, signedRound: 0 }),
  ),
  lie('a header was altered after a quorum sealed it', 'no validator', (e) =>
    withHeaders(e, ([first]) => [altered(first!, FIELD.gasUsed, Uint8Array.of(1))]),
  ),
  lie('other validators are listed and sealed', 'other validators', (e) =>
    withHeaders(e, ([first]) => [sealQbft(fieldsOf(first!), qbftKeys(5), { sealers: [0, 1, 2, 3] })]),
  ),
  lie('a validator less is listed', 'other validators', (e) =>
    resealedQbft(e, { sealers: QUORUM, extra: (extra) => (extra[1] = addressesOf(e.keys).slice(0, 3)) }),
  ),
  lie('the validators are listed in another order', 'other validators', (e) =>
    resealedQbft(e, { sealers: QUORUM, extra: (extra) => (extra[1] = addressesOf(e.keys).reverse()) }),
  ),
  lie('no validator is listed, as where a contract names them', 'other validators', (e) =>
    resealedQbft(e, { sealers: QUORUM, extra: (extra) => (extra[1] = []) }),
  ),
  right('all four validators sealed', (e) => resealedQbft(e, { sealers: [3, 2, 1, 0] })),
  right('three other validators sealed', (e) => resealedQbft(e, { sealers: [1, 3, 2] })),
  right('a validator gave the other form of its seal', (e) =>
    resealedQbft(e, { sealers: QUORUM, seals: ([a, ...others]) => [otherSeal(a!), ...others] }),
  ),
  right('validators agreed in a later round', (e) => resealedQbft(e, { sealers: QUORUM, round: 300 })),
  right('a proposer votes for another validator', (e) =>
    resealedQbft(e, {
      sealers: QUORUM,
      extra: (extra) => (extra[2] = [new Uint8Array(20).fill(7), Uint8Array.of(255)]),
    }),
  ),
];

/** Which block was sealed, and what of it. */
const BLOCKS: readonly SealLie[] = [
  lie('two headers are given', 'exactly 1', (e) => withHeaders(e, ([first]) => [first!, first!])),
  lie('no header is given', 'exactly 1', (e) => withHeaders(e, () => [])),
  lie('the header is a Clique chain’s', 'RLP', (e) =>
    withHeaders(e, () => sealsOf(readSealedElection('clique')).headers.slice(0, 1)),
  ),
  lie('the block has not QBFT’s mark', 'not marked', (e) =>
    resealedQbft(e, { sealers: QUORUM, change: (fields) => (fields[MIX] = new Uint8Array(32)) }),
  ),
  lie('the block’s difficulty is 2', 'difficulty', (e) => resealedQbft(e, numbered(FIELD.difficulty, 2))),
  lie('a quorum sealed the state of another chain', 'no such election', (e) =>
    resealedQbft(e, {
      sealers: QUORUM,
      change: (fields) => (fields[FIELD.stateRoot] = keccak256(Uint8Array.of(0x80))),
    }),
  ),
  lie('ballots that a quorum sealed are left out of the record', 'other ballots', thinned),
  lie('a quorum sealed before the record’s end', 'stands after block', (e) => withSeals(e, e.earlier)),
  right('a record is cut off, and a quorum sealed its end', (e) => withSeals(thinned(e), e.earlier)),
  lie('an entry is of a later block than a quorum sealed', 'stands after block', (e) =>
    resealedQbft(e, numbered(FIELD.number, lastOf(e).block - 1)),
  ),
  lie('an entry is of a later time than a quorum sealed', 'stands after block', (e) =>
    resealedQbft(e, numbered(FIELD.time, lastOf(e).time - 1)),
  ),
  right('a quorum sealed the block of the last entry', (e) => resealedQbft(e, numbered(FIELD.number, lastOf(e).block))),
  right('a quorum sealed a block of the last entry’s time', (e) =>
    resealedQbft(e, numbered(FIELD.time, lastOf(e).time)),
  ),
  lie('a node of the sealed state is missing', 'is missing', (e) =>
    withSeals(e, encodeSeals({ ...sealsOf(e), nodes: sealsOf(e).nodes.slice(1) })),
  ),
  lie('a header is bytes, and a quorum’s', 'bytes stand where', (e) =>
    withHeaders(e, ([first]) => [encodeRlp(first!)]),
  ),
];

/** Lies about what QBFT's validators sealed, and a few things that are none. */
export const QBFT_LIES: readonly SealLie[] = [...SEALERS, ...BLOCKS, ...QBFT_FORMAT_LIES];
