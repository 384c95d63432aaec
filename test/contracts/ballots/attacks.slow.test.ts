import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bn254 } from '@noble/curves/bn254.js';
import type { PostedUpdate } from '../../../contracts/ballots/batch.ts';
import { encodeBatch } from '../../../contracts/ballots/batch.ts';
import { contextBase, updateContext } from '../../../protocol/ballot/slot.ts';
import type { Update } from '../../../protocol/ballot/statement.ts';
import { publicSignals } from '../../../protocol/ballot/statement.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import type { Field } from '../../../protocol/math/field.ts';
import { r } from '../../../protocol/math/field.ts';
import { makeTrapdoor } from '../../bench/trapdoor/trapdoor.ts';
import type { BallotsFixture } from './fixture.ts';
import { startBallots, stateAfter } from './fixture.ts';
import { slotsOn } from './slots.ts';

let fixture: BallotsFixture;
beforeAll(async () => {
  fixture = await startBallots();
});
afterAll(() => fixture.chain.stop());
const { fresh, occupied, stored, expectRefused } = slotsOn(() => fixture);

/** The same words with a proof for other signals: what the contract takes as public must be what was proved. */
const proved = (update: Update, signals: (own: Update) => readonly bigint[]): PostedUpdate => ({
  update,
  previousHead: 0n,
  proof: fixture.trapdoors.get(4)!.simulate(signals(update)),
});
const withWord = (words: readonly bigint[], index: number, value: bigint): bigint[] => words.with(index, value);

describe('replayed, stale, duplicated and reordered updates', () => {
  it('a replayed batch changes nothing', async () => {
    const { first, later } = await occupied();
    const before = await stored(first.update.nullifier);
    expect((await fixture.post([first])).skipped).toBe(1n);
    await fixture.setRound(1, { lastQuarter: true });
    expect((await fixture.post([first])).skipped).toBe(1n);
    expect(await stored(first.update.nullifier)).toEqual(before);
    expect((await fixture.post([later])).skipped).toBe(0n);
    const after = await stored(first.update.nullifier);
    await fixture.setRound(2, { lastQuarter: true });
    expect((await fixture.post([later])).skipped).toBe(1n);
    expect(await stored(first.update.nullifier)).toEqual(after);
  });
  it('a batch copied by another sender counts once, whoever comes first', async () => {
    await fixture.setRound(0);
    const batch = [fresh(), fresh()];
    const before = (await fixture.view('nonEmpty', 0)) as bigint;
    expect((await fixture.post(batch, { from: 8 })).skipped).toBe(0n);
    expect(await fixture.post(batch)).toMatchObject({ skipped: 3n, nonEmpty: before + 2n });
  });
  it('within one batch only the first update of a slot counts', async () => {
    const { later } = await occupied();
    const [a, b] = [fresh(), fresh()];
    const twice = fixture.updateOf(0, a.update.nullifier);
    expect(await fixture.post([a, b, a, twice])).toMatchObject({ skipped: 0b1100n });
    await fixture.setRound(1, { lastQuarter: true });
    const changed = fixture.updateOf(0, later.update.nullifier, stateAfter(later, { ...stateOf(later) }));
    expect(await fixture.post([later, later, changed])).toMatchObject({ skipped: 0b110n });
  });
  it('a first cast and a later update of it in one batch: the later one waits for the next round', async () => {
    await fixture.setRound(3, { lastQuarter: true });
    const first = fresh();
    const later = fixture.updateOf(0, first.update.nullifier, stateAfter(first));
    expect((await fixture.post([first, later])).skipped).toBe(2n);
  });
  it('two successive updates in the wrong order: the later one is skipped, the earlier counts', async () => {
    const { later } = await occupied();
    const next = fixture.updateOf(0, later.update.nullifier, stateAfter(later, stateOf(later)));
    await fixture.setRound(1, { lastQuarter: true });
    expect((await fixture.post([next, later])).skipped).toBe(1n);
  });
  it('a wrong previous head or old ciphertext is stale, not an error', async () => {
    const { later } = await occupied();
    await fixture.setRound(1, { lastQuarter: true });
    const { laters } = encodeBatch([later]);
    for (const word of [1, 2, 5, 11])
      expect((await fixture.postWords([], withWord(laters, word, laters[word]! ^ 1n))).skipped).toBe(1n);
    expect((await fixture.postWords([], laters)).skipped).toBe(0n);
  });
  it('a proof for another state of the same slot is refused', async () => {
    const { later } = await occupied();
    await fixture.setRound(1, { lastQuarter: true });
    const stale = { ...later.update, context: fixture.updateOf(0, later.update.nullifier).update.context };
    const forged = { ...later, proof: proved(stale, (own) => fixture.signals(0, own)).proof };
    await expectRefused([forged], 'ProofsInvalid');
  });
});

/** The state that `later` found. */
function stateOf(later: PostedUpdate & { readonly update: Update }): Parameters<typeof stateAfter>[1] & object {
  const first = { ...later, update: { ...later.update, next: later.update.old } };
  return stateAfter(first);
}

describe('empty slots', () => {
  it('a later update never fills an empty slot, whatever old it brings', async () => {
    await fixture.setRound(1, { lastQuarter: true });
    const ghost = fresh();
    const onNothing = fixture.updateOf(0, ghost.update.nullifier, {
      previousHead: 0n,
      head: 0n,
      ciphertext: ghost.update.next,
    });
    const onUnposted = fixture.updateOf(0, ghost.update.nullifier, stateAfter(ghost));
    expect((await fixture.post([onNothing, onUnposted])).skipped).toBe(3n);
    expect(await fixture.view('slot', 0, ghost.update.nullifier)).toBe(0n);
  });
  it('a first cast is proved from O and fresh = 1: no free old, no mask', async () => {
    await fixture.setRound(0);
    const { update } = fresh();
    const other = fresh().update.next;
    await expectRefused([proved(update, (own) => fixture.signals(0, { ...own, old: other }))], 'ProofsInvalid');
    await expectRefused([proved(update, (own) => fixture.signals(0, { ...own, fresh: false }))], 'ProofsInvalid');
  });
  it('a later update is proved with fresh = 0', async () => {
    const { later } = await occupied();
    await fixture.setRound(1, { lastQuarter: true });
    const forged = {
      ...later,
      proof: fixture.trapdoors.get(4)!.simulate(fixture.signals(0, { ...later.update, fresh: true })),
    };
    await expectRefused([forged], 'ProofsInvalid');
  });
  it('a full roll takes no more slots, also within one batch', async () => {
    await fixture.setRound(0);
    const batch = [fresh(4), fresh(4), fresh(4)];
    expect(await fixture.post(batch, { poll: 4 })).toMatchObject({ skipped: 4n, nonEmpty: 2n });
    expect(await fixture.post([fresh(4)], { poll: 4 })).toMatchObject({ skipped: 1n, nonEmpty: 2n });
    await fixture.setRound(1, { lastQuarter: true });
    const changed = fixture.updateOf(4, batch[0]!.update.nullifier, stateAfter(batch[0]!));
    expect(await fixture.post([changed], { poll: 4 })).toMatchObject({ skipped: 0n, nonEmpty: 2n });
  });
});

describe('proofs of something else', () => {
  beforeAll(() => fixture.setRound(0));

  it('another poll, with the same rules and keys', async () => {
    const elsewhere = fresh(3);
    await expectRefused([elsewhere], 'ProofsInvalid');
  });
  it('another root, number of members, scope, rule or key', async () => {
    const constants = fixture.constants(0);
    const variants = [
      { root: 1112n as Field },
      { members: 401 },
      { scope: 5n as Field },
      { rule: { ...constants.rule, maxTotal: 6n } },
      { rule: { ...constants.rule, distinct: true } },
      { keys: constants.keys.toReversed() },
      { halfway: constants.halfway.toReversed() },
    ];
    for (const variant of variants)
      await expectRefused(
        [proved(fresh().update, (own) => publicSignals({ ...constants, ...variant }, own))],
        'ProofsInvalid',
      );
  });
  it('another chain or election', async () => {
    const { update } = fresh();
    const election = fixture.election.address.toLowerCase() as Hex;
    const ids = [
      { chainId: 1n, election, poll: 0 },
      { chainId: 31337n, election: fixture.ballots.address.toLowerCase() as Hex, poll: 0 },
      { chainId: 31337n, election, poll: 1 },
    ];
    for (const id of ids) {
      const context = updateContext(contextBase(id), update.nullifier, 0n);
      await expectRefused([proved(update, (own) => fixture.signals(0, { ...own, context }))], 'ProofsInvalid');
    }
  });
  it('another circuit', async () => {
    const { update } = fresh();
    const proof = makeTrapdoor(14 + 12 * 4, 99n).simulate(fixture.signals(0, update));
    await expectRefused([{ update, previousHead: 0n, proof }], 'ProofsInvalid');
    await expect(fixture.post([fresh(1)], { poll: 0 })).rejects.toThrow('WrongLength');
  });
  it('each signal of an update is bound', async () => {
    const { update, proof } = fresh();
    const { firsts } = encodeBatch([{ update, previousHead: 0n, proof }]);
    for (let word = 0; word < 11; word++)
      await expect(fixture.postWords(withWord(firsts, word, (firsts[word]! + 1n) % r), [])).rejects.toThrow(
        'ProofsInvalid',
      );
  });
  it('one bad proof among a hundred refuses all', async () => {
    const batch = Array.from({ length: 100 }, () => fresh());
    const bad = batch.with(57, { ...batch[57]!, proof: batch[56]!.proof });
    await expectRefused(bad, 'ProofsInvalid');
    expect((await fixture.post(batch)).skipped).toBe(0n);
  });
  it('errors of two proofs do not cancel out', async () => {
    const [a, b] = [fresh(), fresh()];
    const G1 = bn254.G1.Point;
    const shifted = ({ update, proof }: PostedUpdate, by: bigint): PostedUpdate => {
      const C = G1.fromAffine({ x: proof[6]!, y: proof[7]! }).add(G1.BASE.multiply(by)).toAffine();
      return { update, previousHead: 0n, proof: [...proof.slice(0, 6), C.x, C.y] };
    };
    await expectRefused([shifted(a, 5n), shifted(b, r - 5n)], 'ProofsInvalid');
    await expectRefused(
      [
        { ...a, proof: b.proof },
        { ...b, proof: a.proof },
      ],
      'ProofsInvalid',
    );
  });
});
