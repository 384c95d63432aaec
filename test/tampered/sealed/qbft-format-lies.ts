import { at } from '../../../protocol/errors.ts';
import type { Rlp } from '../../../protocol/seals/rlp.ts';
import { numberBytes, rlpBytes } from '../../../protocol/seals/rlp.ts';
import type { SealLie } from './lie.ts';
import { lie, right, withHeaders } from './lie.ts';
import { FIELD, fieldsOf } from './reseal.ts';
import type { QbftSeals } from './seal-qbft.ts';
import { MIX, addressesOf, sealQbft } from './seal-qbft.ts';
import type { SealedElection } from './vector.ts';

/** The header as a forger writes it, sealed by a quorum of what is written. */
function sealed(election: SealedElection, forged: Omit<QbftSeals, 'sealers'>): SealedElection {
  const seals = { sealers: [0, 1, 2], ...forged };
  return withHeaders(election, (headers) => [sealQbft(fieldsOf(at(headers, 0)), election.keys, seals)]);
}

const withField = (words: string, says: string, change: (fields: Rlp[]) => unknown): SealLie =>
  lie(words, says, (e) => sealed(e, { change }));

const withExtra = (words: string, says: string, extra: (extra: Rlp[], e: SealedElection) => unknown): SealLie =>
  lie(words, says, (e) => sealed(e, { extra: (all) => extra(all, e) }));

const withSeal = (words: string, says: string, change: (seal: Uint8Array) => Rlp): SealLie =>
  lie(words, says, (e) => sealed(e, { seals: ([first, ...others]) => [change(first!), ...others] }));

/** A seal with another last byte. */
const ending = (last: number) => (seal: Uint8Array) => Uint8Array.from([...seal.subarray(0, 64), last]);
/** A header of so many fields, of which each beyond Cancun's is a hash. */
const ofFields = (count: number) => (fields: Rlp[]) => {
  fields.length = Math.min(count, fields.length);
  while (fields.length < count) fields.push(new Uint8Array(32).fill(3));
};
const number = (value: bigint) => numberBytes(value);

/** How QBFT's headers are written: lies that are malformed, sealed by a quorum as they are, and what is unusual and right. */
export const QBFT_FORMAT_LIES: readonly SealLie[] = [
  withExtra('extra data have an item more', '6 items', (extra) => extra.push([])),
  lie('extra data have no seals', '4 items', (e) => sealed(e, { extra: (extra) => extra.pop() })),
  withExtra('vanity has 31 bytes', '31 bytes', (extra) => (extra[0] = new Uint8Array(31))),
  withExtra('a listed validator has 19 bytes', '19 bytes', (extra, e) => {
    const [first, ...others] = addressesOf(e.keys);
    extra[1] = [first!.subarray(1), ...others];
  }),
  withExtra('the list of validators is bytes', 'bytes stand where', (extra) => (extra[1] = new Uint8Array())),
  withExtra('a vote is bytes', 'bytes stand where', (extra) => (extra[2] = new Uint8Array())),
  withExtra('a round begins with a zero', 'shortest form', (extra) => (extra[3] = Uint8Array.of(0))),
  withExtra('a round is beyond counting', 'round', (extra) => (extra[3] = number(2n ** 31n))),
  right('a round is the last that can be counted', (e) =>
    sealed(e, { extra: (extra) => (extra[3] = number(2n ** 31n - 1n)) }),
  ),
  lie('the list of seals is bytes', 'bytes stand where', (e) => sealed(e, { seals: () => new Uint8Array() })),
  withSeal('a seal has 64 bytes', '64 bytes', (seal) => seal.subarray(0, 64)),
  withSeal('a seal is a list', 'a list stands', () => []),
  withSeal('a quorum’s seal ends with 2', 'parity', ending(2)),
  withSeal('a quorum’s seal ends with 27', 'parity', (seal) => ending(27 + seal[64]!)(seal)),
  withSeal('a quorum’s seal is nobody’s', 'signature', () => new Uint8Array(65)),
  withField('a header has fewer fields than any rules give it', '14 fields', ofFields(14)),
  withField('a header has more fields than any rules give it', '22 fields', ofFields(22)),
  withField('a field of the header is a list', 'a list stands', (fields) => (fields[FIELD.nonce] = [])),
  withField('the sealed state’s root has 33 bytes', '33 bytes', (fields) => {
    fields[FIELD.stateRoot] = new Uint8Array(33).fill(1);
  }),
  withField('the mark has a byte more', 'not marked', (fields) => {
    fields[MIX] = Uint8Array.from([...rlpBytes(fields[MIX]), 0]);
  }),
  withField('the sealed block’s number is beyond counting', 'too large', (fields) => {
    fields[FIELD.number] = number(2n ** 53n);
  }),
  withField('the sealed block’s time is beyond counting', 'too large', (fields) => {
    fields[FIELD.time] = number(2n ** 53n);
  }),
  withField('the sealed block’s time begins with a zero', 'shortest form', (fields) => {
    fields[FIELD.time] = Uint8Array.from([0, ...rlpBytes(fields[FIELD.time])]);
  }),
  right('the sealed block’s number and time are the last that can be counted', (e) =>
    sealed(e, {
      change: (fields) => {
        fields[FIELD.number] = number(2n ** 53n - 1n);
        fields[FIELD.time] = number(2n ** 53n - 1n);
      },
    }),
  ),
  right('the header is one from before London', (e) => sealed(e, { change: ofFields(15) })),
  right('the header is one of London’s rules', (e) => sealed(e, { change: ofFields(16) })),
  right('the header is one of Shanghai’s rules', (e) => sealed(e, { change: ofFields(17) })),
  right('the header is one of Cancun’s rules without a beacon chain’s root', (e) =>
    sealed(e, { change: ofFields(19) }),
  ),
  right('the header is one of Prague’s rules', (e) => sealed(e, { change: ofFields(21) })),
];
