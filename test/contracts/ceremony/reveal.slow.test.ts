import { describe, expect, it } from '@jest/globals';
import type { Polynomial } from '../../../protocol/ceremony/polynomial.ts';
import { commitHash, encodeReveal, makeReveal, revealHash } from '../../../protocol/ceremony/reveal.ts';
import { makeTransportKey } from '../../../protocol/ceremony/transport.ts';
import type { AttemptSecret } from '../../../protocol/ceremony/trustee.ts';
import { decodeNumber, encodeWord } from '../../../protocol/encoding.ts';
import { l, modScalar, r } from '../../../protocol/math/field.ts';
import { streamOf } from '../../protocol/stream.ts';
import type { CeremonyRun } from '../fixture/ceremony.ts';
import { approve } from '../fixture/stages.ts';
import type { Refusal } from '../fixture/suite.ts';
import { ceremonySuite, tried } from '../fixture/suite.ts';
import { refusal } from '../fixture/world.ts';

let run: CeremonyRun;
ceremonySuite(3, async (begun) => {
  run = begun;
  await approve(run.world);
});

/** What the contract says to trustee 1 when it reveals `words`, having committed to exactly them. */
async function revealed(words: readonly bigint[]): Promise<Refusal> {
  const hash = commitHash(run.setup, run.state.attempt, 1, revealHash(words));
  await run.post({ kind: 'commit', trustee: 1, hash });
  for (const trustee of run.state.active.filter((m) => m !== 1)) await run.post(run.commitBody(trustee));
  return tried(run, run.call({ kind: 'reveal', trustee: 1, words }));
}

/** Trustee 1's honest words, changed. Two points, K, z and the transport key: eight words. */
const changed = (change: (words: bigint[]) => void): bigint[] => {
  const words = [...run.reveals.get(1)!];
  change(words);
  return words;
};
const put =
  (at: number, x: bigint, y: bigint) =>
  (words: bigint[]): void => {
    [words[at], words[at + 1]] = [x, y];
  };
const littleEndian = (x: bigint): bigint => decodeNumber(encodeWord(x).reverse());
const P25519 = (1n << 255n) - 19n;

describe('reveal', () => {
  it('accepts the honest words that the cases below spoil', async () => {
    expect(await revealed(changed(() => undefined))).toBeUndefined();
  });

  it('refuses words that were not committed to', async () => {
    await run.commitAll();
    const [name, args] = run.call({ kind: 'reveal', trustee: 1, words: changed((words) => (words[6]! += 1n)) });
    expect((await refusal(run.world, run.world.ceremony, name, args))![0]).toBe('NotCommittedTo');
  });

  it('refuses too few and too many points', async () => {
    await run.commitAll();
    for (const words of [
      changed((w) => w.splice(0, 2)),
      changed((w) => w.unshift(0n, 1n)),
      changed((w) => w.shift()),
    ]) {
      const [name, args] = run.call({ kind: 'reveal', trustee: 1, words });
      expect(await refusal(run.world, run.world.ceremony, name, args)).toEqual([
        'WrongLength',
        [BigInt(words.length - 4), 4n],
      ]);
    }
  });

  const order4 = ((): bigint => {
    // (x, 0) with 168700·x² = 1 has order 4: x = 1/√168700.
    const inverse = modPower(168700n, r - 2n);
    return squareRoot(inverse);
  })();
  const points: Record<string, [(words: bigint[]) => void, Refusal]> = {
    'the neutral element': [put(0, 0n, 1n), ['BadPoint', [0n]]],
    'the neutral element as a higher coefficient': [put(2, 0n, 1n), ['BadPoint', [1n]]],
    'a point of order 2': [put(0, 0n, r - 1n), ['BadPoint', [0n]]],
    'a point of order 4': [put(2, order4, 0n), ['BadPoint', [1n]]],
    'a point off the curve': [put(0, 1n, 1n), ['BadPoint', [0n]]],
    'a coordinate not below r': [(words) => (words[0]! += r), ['BadPoint', [0n]]],
    'a nonce’s point off the curve': [put(4, 2n, 3n), ['BadPoint', [2n]]],
    'a nonce’s coordinate not below r': [(words) => (words[5]! += r), ['BadPoint', [2n]]],
    'a response not below l': [(words) => (words[6]! += l), undefined],
    'a wrong response': [(words) => (words[6] = (words[6]! + 1n) % l), ['BadProof', [1n]]],
    'a transport key that the proof does not bind': [(words) => (words[7]! ^= 1n << 200n), ['BadProof', [1n]]],
    'a transport key with its highest bit set': [(words) => (words[7]! |= 0x80n), undefined],
  };
  for (const [what, [change, answer]] of Object.entries(points)) {
    it(`refuses ${what}`, async () => {
      const words = changed(change);
      const expected = answer ?? (what.startsWith('a response') ? ['BadResponse', [words[6]]] : undefined);
      if (expected === undefined) expect((await revealed(words))![0]).toBe('BadTransportKey');
      else expect(await revealed(words)).toEqual(expected);
    });
  }

  const lowOrder = [
    0n,
    1n,
    P25519 - 1n,
    P25519,
    P25519 + 1n,
    325606250916557431795983626356110631294008115727848805560023387167927233504n,
    39382357235489614581723060781553021112529911719440698176882885853963445705823n,
  ];
  it.each(lowOrder.map((u, i) => [i, u] as const))('refuses transport key %i of low order', async (_, u) => {
    expect((await revealed(changed((words) => (words[7] = littleEndian(u)))))![0]).toBe('BadTransportKey');
  });

  it('refuses a reveal copied from another trustee', async () => {
    const words = run.reveals.get(2)!;
    expect(await revealed(words)).toEqual(['BadProof', [1n]]);
  });

  it('refuses the reveal of an earlier attempt', async () => {
    const old = run.reveals.get(1)!;
    await run.post(run.commitBody(1));
    await run.post(run.commitBody(2));
    await run.world.chain.advanceTo(run.state.deadline + 1);
    await run.timeout();
    await run.begin();
    expect(await revealed(old)).toEqual(['BadProof', [1n]]);
  });

  it('makes no key where all trustees’ parts cancel', async () => {
    const random = streamOf('cancelling');
    const constants = [5n, 7n, -12n];
    const secrets = new Map<number, AttemptSecret>();
    const reveals = new Map<number, bigint[]>();
    for (const [i, constant] of constants.entries()) {
      const polynomials: Polynomial[] = [[modScalar(constant), modScalar(BigInt(i + 3))]];
      const transport = await makeTransportKey(random);
      const secret = { polynomials, transportKey: transport.publicKey };
      secrets.set(i + 1, { attempt: 1, trustee: i + 1, polynomials, transport });
      reveals.set(i + 1, encodeReveal(makeReveal(run.setup, 1, i + 1, secret, random)));
    }
    [run.secrets, run.reveals] = [secrets, reveals];
    await run.commitAll();
    await run.revealAll();
    await run.dealAll();
    await run.confirmAll();
    expect(await refusal(run.world, run.world.ceremony, 'finish', [run.finishWords()])).toEqual(['KeyIsNeutral', [0n]]);
  });
});

function modPower(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let [b, e] = [base % r, exponent]; e > 0n; [b, e] = [(b * b) % r, e >> 1n])
    if (e & 1n) result = (result * b) % r;
  return result;
}

/** A square root mod r by Tonelli and Shanks: r − 1 = 2^28·q, and 5 is no square. */
function squareRoot(n: bigint): bigint {
  const q = (r - 1n) >> 28n;
  let [m, c, t, root] = [28, modPower(5n, q), modPower(n, q), modPower(n, (q + 1n) / 2n)];
  while (t !== 1n) {
    let i = 0;
    for (let s = t; s !== 1n; i++) s = (s * s) % r;
    const b = modPower(c, 1n << BigInt(m - i - 1));
    [m, c, t, root] = [i, (b * b) % r, (t * b * b) % r, (root * b) % r];
  }
  return root;
}
