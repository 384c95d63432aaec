import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Hex } from '../../../protocol/encoding.ts';
import { decodeHex, encodeHex } from '../../../protocol/encoding.ts';
import { blockHash, blocksOnTop, verifyRun } from '../../../protocol/seals/headers.ts';
import { decodeQbftHeader, quorumOf, sealersOf, verifyQbftRun } from '../../../protocol/seals/qbft.ts';
import { encodeRlp } from '../../../protocol/seals/rlp.ts';
import { FIELD, fieldsOf } from '../../tampered/sealed/reseal.ts';
import { addressesOf, otherSeal, qbftKeys, sealQbft } from '../../tampered/sealed/seal-qbft.ts';

interface Vectors {
  readonly sealed: {
    readonly header: Hex;
    readonly number: number;
    readonly time: number;
    readonly stateRoot: Hex;
    readonly validators: readonly Hex[];
    readonly digest: Hex;
    readonly sealers: readonly Hex[];
  };
  readonly answered: {
    readonly header: Hex;
    readonly block: { readonly hash: Hex };
    readonly validators: readonly Hex[];
  };
  readonly extraData: { readonly encoded: Hex; readonly validators: readonly Hex[]; readonly seals: readonly Hex[] };
}

let vectors: Vectors;
beforeAll(() => {
  vectors = JSON.parse(readFileSync(new URL('../../vectors/qbft.json', import.meta.url), 'utf8')) as Vectors;
});
const refusal = (code: string) => expect.objectContaining({ code });

describe('decodeQbftHeader', () => {
  it('reads a header of a Besu chain of four validators, and what its seals sign: header and round, no seal', () => {
    const { header, number, time, stateRoot, validators, digest, sealers } = vectors.sealed;
    const read = decodeQbftHeader(decodeHex(header));
    expect(read).toMatchObject({ number, time, validators, difficulty: 1n });
    expect(encodeHex(read.stateRoot)).toBe(stateRoot);
    expect(encodeHex(read.digest)).toBe(digest);
    expect(sealersOf(read)).toEqual(sealers);
  });

  it('has the hash by which a Besu node names the block: without round and seals', () => {
    const { header, block } = vectors.answered;
    expect(encodeHex(blockHash(decodeHex(header), { profile: 'besu-qbft' }))).toBe(block.hash);
    // The same block, agreed on in another round with nobody's seals, is the same block.
    const keys = qbftKeys(1);
    const of = (round: number, sealers: number[]) =>
      decodeQbftHeader(sealQbft(fieldsOf(decodeHex(header)), keys, { sealers, round }));
    expect(of(9, []).hash).toEqual(of(0, [0]).hash);
    expect(of(9, []).digest).not.toEqual(of(0, []).digest);
  });

  it('reads extra data as Besu’s own tests write them', () => {
    const { encoded, validators, seals } = vectors.extraData;
    const fields = fieldsOf(decodeHex(vectors.answered.header));
    fields[FIELD.extra] = decodeHex(encoded);
    const read = decodeQbftHeader(encodeRlp(fields));
    expect(read.validators).toEqual(validators);
    expect(read.seals.map((seal) => encodeHex(seal))).toEqual(seals);
  });
});

describe('verifyQbftRun', () => {
  it('takes headers that real validators sealed, by their own lists and no others', () => {
    for (const { header, validators } of [vectors.sealed, vectors.answered]) {
      const run = [decodeHex(header)];
      expect(verifyQbftRun(run, validators).number).toBeGreaterThan(7000);
      expect(() => verifyQbftRun(run, validators.slice(1))).toThrow(refusal('seals/signers'));
      expect(() => verifyQbftRun([], validators)).toThrow(refusal('seals/short'));
      expect(() => verifyQbftRun([...run, ...run], validators)).toThrow(refusal('seals/short'));
    }
  });

  it('refuses a header of which any one bit is another', () => {
    const header = decodeHex(vectors.sealed.header);
    const codes = new Set<string>();
    for (let byte = 0; byte < header.length; byte += 5) {
      const changed = Uint8Array.from(header);
      changed[byte] = changed[byte]! ^ (1 << (byte % 8));
      expect(() => {
        try {
          verifyQbftRun([changed], vectors.sealed.validators);
        } catch (error) {
          codes.add((error as { code: string }).code);
          throw error;
        }
      }).toThrow();
    }
    expect([...codes].filter((code) => !/^(seals\/|signature\/invalid)/u.test(code))).toEqual([]);
    expect(codes).toContain('seals/stranger');
  });

  it('takes the other form of a seal, which Besu takes too: no validator can spoil a block by sending it', () => {
    const keys = qbftKeys(4);
    const validators = addressesOf(keys).map((each) => encodeHex(each));
    const fields = fieldsOf(decodeHex(vectors.answered.header));
    const sealed = sealQbft(fields, keys, { sealers: [0, 1, 2], seals: (all) => all.map(otherSeal) });
    expect(verifyQbftRun([sealed], validators).validators).toEqual(validators);
  });
});

describe('a quorum', () => {
  it('is two thirds of the validators, rounded up: any two have so many in common that they cannot all be faulty', () => {
    // BftHelpers.calculateRequiredValidatorQuorum: ceil(2N / 3).
    expect([1, 2, 3, 4, 5, 6, 7, 10, 32].map(quorumOf)).toEqual([1, 2, 2, 3, 4, 4, 5, 7, 22]);
    for (let count = 1; count <= 32; count++) {
      const faulty = Math.floor((count - 1) / 3);
      expect(2 * quorumOf(count) - count).toBeGreaterThan(faulty);
      expect(quorumOf(count)).toBeLessThanOrEqual(count - faulty);
    }
  });

  it('needs no block on top, where Clique needs a majority', () => {
    const validators = Array.from({ length: 7 }, (_, i): Hex => `0x${`0${i}`.repeat(20)}`);
    expect(blocksOnTop({ profile: 'besu-qbft', validators })).toBe(0);
    expect(blocksOnTop({ profile: 'clique', validators })).toBe(4);
    const { header, validators: four } = vectors.sealed;
    expect(() => verifyRun([decodeHex(header)], { profile: 'clique', validators: four })).toThrow(
      refusal('seals/short'),
    );
  });
});
