import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bn254 } from '@noble/curves/bn254.js';
import { encodeBatch } from '../../../contracts/ballots/batch.ts';
import { p, r } from '../../../protocol/math/field.ts';
import type { BallotsFixture } from './fixture.ts';
import { startBallots } from './fixture.ts';
import { slotsOn } from './slots.ts';

let fixture: BallotsFixture;
beforeAll(async () => {
  fixture = await startBallots();
});
afterAll(() => fixture.chain.stop());
const { fresh, occupied, expectRefused } = slotsOn(() => fixture);

const withWord = (words: readonly bigint[], index: number, value: bigint): bigint[] => words.with(index, value);

describe('malformed entries', () => {
  it('a signal ≥ r reverts and names the entry, whether the entry would take effect or not', async () => {
    const { later } = await occupied();
    await fixture.setRound(1, { lastQuarter: true });
    const good = encodeBatch([fresh(), later]);
    for (const word of [0, 1, 2, 3, 10]) {
      const firsts = withWord(good.firsts, word, good.firsts[word]! + r);
      await expect(fixture.postWords(firsts, good.laters)).rejects.toThrow(/SignalTooLarge[\s\S]*\(0\)/);
    }
    for (const word of [0, 2, 3, 4, 12, 21]) {
      const laters = withWord(good.laters, word, good.laters[word]! + r);
      await expect(fixture.postWords(good.firsts, laters)).rejects.toThrow(/SignalTooLarge[\s\S]*\(1\)/);
    }
    await fixture.setRound(0);
    const skipped = withWord(good.laters, 12, r);
    await expect(fixture.postWords(good.firsts, skipped)).rejects.toThrow(/SignalTooLarge[\s\S]*\(1\)/);
  });
  it('a proof coordinate ≥ p reverts and names the entry', async () => {
    const good = encodeBatch([fresh(), fresh()]);
    for (let word = 11; word < 19; word++) {
      const firsts = withWord(good.firsts, 19 + word, good.firsts[19 + word]! + p);
      await expect(fixture.postWords(firsts, [])).rejects.toThrow(/CoordinateTooLarge[\s\S]*\(1\)/);
    }
  });
  it('A or C off the curve reverts and names the entry, B outside G2 reverts', async () => {
    const good = encodeBatch([fresh(), fresh()]);
    for (const word of [12, 18]) {
      const firsts = withWord(good.firsts, 19 + word, (good.firsts[19 + word]! + 1n) % p);
      await expect(fixture.postWords(firsts, [])).rejects.toThrow(/ProofPointInvalid[\s\S]*\(1\)/);
    }
    const firsts = withWord(good.firsts, 14, (good.firsts[14]! + 1n) % p);
    await expect(fixture.postWords(firsts, [])).rejects.toThrow('ProofsInvalid');
  });
  it('B on the twist but outside the subgroup reverts', async () => {
    const { update } = fresh();
    const B = pointOutsideSubgroup();
    const proof = [1n, 2n, B.x.c1, B.x.c0, B.y.c1, B.y.c0, 1n, 2n];
    await expectRefused([{ update, previousHead: 0n, proof }], 'ProofsInvalid');
  });
  it('a proof with the point at infinity for A, B, C or all of them is refused, alone and among good ones', async () => {
    const { update, proof } = fresh();
    for (const zeros of [
      [0, 1],
      [2, 3, 4, 5],
      [6, 7],
      [0, 1, 6, 7],
      [0, 1, 2, 3, 4, 5, 6, 7],
    ]) {
      const forged = { update, previousHead: 0n, proof: proof.map((word, i) => (zeros.includes(i) ? 0n : word)) };
      await expectRefused([forged], 'ProofsInvalid');
      await expectRefused([forged, fresh()], 'ProofsInvalid');
    }
  });
  it('a batch with too little gas does nothing, wherever the gas runs out', async () => {
    const { later } = await occupied();
    await fixture.setRound(1, { lastQuarter: true });
    const { firsts, laters } = encodeBatch([fresh(), fresh(), later]);
    const account = fixture.chain.account(2).address;
    const call = { to: fixture.ballots.address, data: fixture.calldata(0, firsts, laters), account };
    const needed = await fixture.chain.publicClient.estimateGas(call);
    await fixture.chain.publicClient.call({ ...call, gas: needed });
    for (let share = 10n; share < 100n; share += 5n) {
      await expect(fixture.chain.publicClient.call({ ...call, gas: (needed * share) / 100n })).rejects.toThrow();
    }
  });
  it('lists of a wrong length, none and more than 200 entries are refused', async () => {
    const { firsts } = encodeBatch([fresh()]);
    await expect(fixture.postWords(firsts.slice(1), [])).rejects.toThrow('WrongLength');
    await expect(fixture.postWords([...firsts, 0n], [])).rejects.toThrow('WrongLength');
    await expect(fixture.postWords([], firsts)).rejects.toThrow('WrongLength');
    await expect(fixture.postWords([], [])).rejects.toThrow('WrongCount');
    const many = Array.from({ length: 201 }, () => firsts).flat();
    await expect(fixture.postWords(many, [])).rejects.toThrow(/WrongCount[\s\S]*\(201, 200\)/);
  });
});

function pointOutsideSubgroup(): { x: { c0: bigint; c1: bigint }; y: { c0: bigint; c1: bigint } } {
  const { Fp2 } = bn254.fields;
  const b = bn254.G2.Point.BASE.toAffine();
  const curveB = Fp2.sub(Fp2.sqr(b.y), Fp2.mul(Fp2.sqr(b.x), b.x));
  for (let c0 = 1n; ; c0++) {
    const x = { c0, c1: 1n };
    try {
      const y = Fp2.sqrt(Fp2.add(Fp2.mul(Fp2.sqr(x), x), curveB));
      if (!bn254.G2.Point.fromAffine({ x, y } as typeof b).isTorsionFree()) return { x, y };
    } catch {
      continue;
    }
  }
}
