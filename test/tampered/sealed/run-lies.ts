import { concatBytes, decodeHex } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';
import { keccak256 } from '../../../protocol/hash.ts';
import { encodeRlp, numberBytes, rlpNumber } from '../../../protocol/seals/rlp.ts';
import { decodeSeals, encodeSeals } from '../../../protocol/seals/seals-file.ts';
import type { SealLie } from './lie.ts';
import { lie, resealed, right, thinned, withHeaders, withSeals } from './lie.ts';
import { FIELD, altered, fieldsOf, otherSeal, reseal, turnsFrom } from './reseal.ts';
import type { SealedElection } from './vector.ts';

/** Who sealed which blocks, and what stands on what: lies about the run of headers, and what is unusual and right. */
export const RUN_LIES: readonly SealLie[] = [
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
  right('the last block is sealed with the other s', (e) =>
    withHeaders(e, (all) => [...all.slice(0, -1), otherSeal(at(all, all.length - 1))]),
  ),
  lie('the run is cut short', '4 are needed', (e) => withHeaders(e, (headers) => headers.slice(0, -1))),
  lie('there is no header', '4 are needed', (e) => withHeaders(e, () => [])),
  lie('there are more headers than a run may have', 'more than 64 headers', (e) =>
    withHeaders(e, (headers) => longer(e, headers, 65)),
  ),
  right('there are as many headers as a run may have', (e) => withHeaders(e, (headers) => longer(e, headers, 64))),
  lie('a header of the run is left out', 'does not stand on', (e) =>
    withHeaders(e, ([a, , ...others]) => [a!, ...others, others.at(-1)!]),
  ),
  lie('a block does not stand on the one before', 'does not stand on', (e) =>
    resealed(e, (sealers) => ({
      sealers,
      spoil: (fields, i) => i === 1 && (fields[FIELD.parent] = keccak256(Uint8Array.of(9))),
    })),
  ),
  lie('a block’s number is not the next', 'does not stand on', (e) =>
    resealed(e, ([a = 0, b = 0, c = 0]) => ({
      sealers: [a, b, c, (c + 2) % 3],
      spoil: (fields, i) => {
        if (i !== 3) return;
        fields[FIELD.number] = numberBytes(rlpNumber(fields[FIELD.number]) + 1n);
        fields[FIELD.difficulty] = Uint8Array.of(2);
      },
    })),
  ),
  lie('a block is as old as the one before', 'not later', (e) =>
    resealed(e, (sealers) => ({ sealers, change: (fields) => (fields[FIELD.time] = numberBytes(4_000_000_000n)) })),
  ),
  lie('an epoch’s block lists other signers', 'other signers', (e) =>
    resealed(e, listing(1, new Uint8Array(52).fill(7))),
  ),
  lie('an epoch’s block lists the validators in another order', 'other signers', (e) =>
    resealed(e, listing(1, validators(e).subarray(20), validators(e).subarray(0, 20))),
  ),
  lie('an epoch’s block lists a validator less', 'other signers', (e) =>
    resealed(e, listing(1, validators(e).subarray(0, 40))),
  ),
  lie('a minority’s fork, which lacks ballots', 'must wait', (e) => {
    const headers = decodeSeals(e.earlier).headers;
    const fork = reseal(headers, e.keys, { sealers: [0, 0, 0, 0] });
    return withSeals(thinned(e), encodeSeals({ ...decodeSeals(e.earlier), headers: fork }));
  }),
  lie('ballots are left out of the record', 'other ballots', thinned),
  lie('the seals are older than the record', 'stands after block', (e) => withSeals(e, e.earlier)),
  lie('an entry is of a later block than was sealed', 'stands after block', (e) =>
    resealed(e, begunAt(FIELD.number, lastOf(e).block - 1)),
  ),
  lie('an entry is of a later time than was sealed', 'stands after block', (e) =>
    resealed(e, begunAt(FIELD.time, lastOf(e).time - 1)),
  ),
  right('the block of the last entry is the one that was sealed', (e) =>
    resealed(e, begunAt(FIELD.number, lastOf(e).block)),
  ),
  right('the time of the last entry is that of the block that was sealed', (e) =>
    resealed(e, begunAt(FIELD.time, lastOf(e).time)),
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
  right('an epoch’s block lists the validators', (e) => resealed(e, listing(1, validators(e)))),
  right('there are more headers than are needed', (e) => withHeaders(e, (headers) => longer(e, headers, 6))),
  right('one validator of three is silent', (e) => resealed(e, ([a = 0, b = 0]) => ({ sealers: [a, b, a, b] }))),
  lie('a header has a field more', '17 items', (e) =>
    withHeaders(e, ([first, ...others]) => [encodeRlp([...fieldsOf(first!), new Uint8Array(32)]), ...others]),
  ),
];

type Resealing = (turns: number[]) => Parameters<typeof reseal>[2];

/** A block lists signers, as that of an epoch does. */
function listing(block: number, ...listed: readonly Uint8Array[]): Resealing {
  return (sealers) => ({
    sealers,
    change: (fields, i) => {
      if (i === block) fields[FIELD.extra] = concatBytes(new Uint8Array(32), ...listed, new Uint8Array(65));
    },
  });
}

/** The first header has this number or time. */
function begunAt(field: typeof FIELD.number | typeof FIELD.time, value: number): Resealing {
  return (turns) => ({
    sealers: field === FIELD.number ? turns.map((_, i) => (value + i) % 3) : turns,
    change: (fields, i) => {
      if (i === 0) fields[field] = numberBytes(BigInt(value));
    },
  });
}

function lastOf({ entries }: SealedElection): { readonly block: number; readonly time: number } {
  return at(entries, entries.length - 1);
}

/** Addresses of the validators, one after the other. */
export function validators({ evidence }: SealedElection): Uint8Array {
  const { chain } = JSON.parse(new TextDecoder().decode(evidence.definition)) as { chain: { validators: string[] } };
  return decodeHex(`0x${chain.validators.map((each) => each.slice(2)).join('')}`);
}

/** The run and more blocks on top of it. */
function longer({ keys }: SealedElection, headers: readonly Uint8Array[], count: number): Uint8Array[] {
  const sealers = turnsFrom(headers, keys, count);
  const start = rlpNumber(fieldsOf(at(headers, 0))[FIELD.time]);
  return reseal(headers, keys, {
    sealers,
    change: (fields, i) => (fields[FIELD.time] = numberBytes(start + BigInt(i))),
  });
}
