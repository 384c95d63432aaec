import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { ProvingArtifacts } from '../../../circuits/artifacts.ts';
import { readProvingArtifacts } from '../../../circuits/artifacts.ts';
import { ruleOf } from '../../../protocol/ballot/presets.ts';
import { exampleVotes } from '../../../protocol/ballot/example-votes.ts';
import { createVoteProver } from '../../../protocol/ballot/prove-vote.ts';
import { proveUpdate, verifyUpdate } from '../../../protocol/ballot/prove.ts';
import { drawRandomness } from '../../../protocol/ballot/randomness.ts';
import type { PollConstants, Update } from '../../../protocol/ballot/statement.ts';
import { parseJson } from '../../../protocol/canonical-json.ts';
import type { Field } from '../../../protocol/math/field.ts';
import { p, r } from '../../../protocol/math/field.ts';
import type { VerifyingKey } from '../../../protocol/math/groth16-key.ts';
import { decodeVerifyingKey } from '../../../protocol/math/groth16-key.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import { loadOwnProvingEngine } from '../../../protocol/math/proving-engine.ts';
import { after, openPoll, stream } from '../../circuits/fixture.ts';

const folder = join(import.meta.dirname, '../../../circuits/artifacts');
const load = (name: string): { artifacts: ProvingArtifacts; key: VerifyingKey } => {
  const artifacts = readProvingArtifacts(folder, name, 'development');
  return { artifacts, key: decodeVerifyingKey(parseJson(artifacts.verifyingKeyBytes)) };
};

afterAll(terminate);

describe('proveUpdate and verifyUpdate', () => {
  it.each([2, 8, 16])('prove and verify first casts, changed votes and masks of ballot-%i', async (options) => {
    const { artifacts, key } = load(`ballot-${options}`);
    const poll = await openPoll(ruleOf('approval', {}, options));
    const values = poll.constants.rule.max.map((_, i) => BigInt(i % 2));
    const first = poll.vote(0, values);
    const state = after(first);
    for (const prepared of [first, poll.vote(0, values, state), poll.mask(first.update.nullifier, state)]) {
      const { update, proof } = await proveUpdate(artifacts, poll.constants, prepared, stream(8));
      expect(await verifyUpdate(key, poll.constants, update, proof)).toBe(true);
    }
  });

  it('binds every part of the statement', async () => {
    const { artifacts, key } = load('ballot-2');
    const poll = await openPoll(ruleOf('single', {}, 2));
    const first = poll.vote(0, [1n, 0n]);
    const { update, proof } = await proveUpdate(
      artifacts,
      poll.constants,
      poll.vote(0, [0n, 1n], after(first)),
      stream(8),
    );
    const next = (x: bigint): Field => ((x + 1n) % r) as Field;
    const updates: readonly Update[] = [
      { ...update, nullifier: next(update.nullifier) },
      { ...update, context: next(update.context) },
      { ...update, fresh: !update.fresh },
      { ...update, old: update.next },
      { ...update, next: update.old },
      { ...update, next: { R: update.next.C[0]!, C: [update.next.R] } },
    ];
    for (const changed of updates) expect(await verifyUpdate(key, poll.constants, changed, proof)).toBe(false);
    const { rule } = poll.constants;
    const constants: readonly PollConstants[] = [
      { ...poll.constants, scope: next(poll.constants.scope) },
      { ...poll.constants, root: next(poll.constants.root) },
      { ...poll.constants, members: 6 },
      { ...poll.constants, keys: poll.constants.halfway },
      { ...poll.constants, halfway: poll.constants.keys },
      ...[
        { minTotal: 0n },
        { maxTotal: 2n },
        { quadratic: true },
        { distinct: true },
        { max: [2n, 1n] },
        { price: [0n, 1n] },
      ].map((change) => ({ ...poll.constants, rule: { ...rule, ...change } })),
    ];
    for (const changed of constants) expect(await verifyUpdate(key, changed, update, proof)).toBe(false);
    for (let word = 0; word < proof.length; word++) {
      const shifted = proof.map((value, i) => (i === word ? value + p : value));
      expect(await verifyUpdate(key, poll.constants, update, shifted)).toBe(false);
    }
  });

  it('refuses inputs that the circuit does not take, without telling them', async () => {
    const { artifacts } = load('ballot-2');
    const poll = await openPoll(ruleOf('single', {}, 2));
    const vote = poll.vote(0, [1n, 0n]);
    const forged = { ...vote, inputs: { ...vote.inputs, secret: 123_456_789n } };
    const failure = proveUpdate(artifacts, poll.constants, forged, stream(8));
    await expect(failure).rejects.toThrow(expect.objectContaining({ code: 'proof/witness' }));
    await expect(failure).rejects.not.toThrow(/123456789/);
  });

  it('refuses artifacts of another version: their public signals are not the update’s', async () => {
    const { artifacts } = load('ballot-2');
    const poll = await openPoll(ruleOf('single', {}, 2));
    const vote = poll.vote(0, [1n, 0n]);
    const other = { ...vote, update: { ...vote.update, context: 1n as Field } };
    await expect(proveUpdate(artifacts, poll.constants, other, stream(8))).rejects.toThrow(
      expect.objectContaining({ code: 'ballot/signals' }),
    );
  });
});

describe('createVoteProver', () => {
  it('proves a voter’s choice from what was prepared without it, first and changed, and each preparation once', async () => {
    const { artifacts, key } = load('ballot-8');
    const poll = await openPoll(ruleOf('score', { max: 9 }, 7));
    let told: number[] = [];
    let [pending, overlapping] = [0, 0];
    const tell = async (part: number): Promise<void> => {
      told.push(part);
      overlapping = Math.max(overlapping, pending++);
      await new Promise((resolve) => setTimeout(resolve));
      pending -= 1;
    };
    const prover = await createVoteProver(await loadOwnProvingEngine(), artifacts, stream(8), tell);
    const values = [0n, 9n, 3n, 0n, 1n, 1n, 5n, 0n];
    const first = poll.vote(0, values);
    await expect(prover.prove(poll.constants, first)).rejects.toMatchObject({ code: 'proof/unprepared' });
    for (const [seed, state] of [[1, undefined] as const, [2, after(first)] as const]) {
      const randomness = drawRandomness(stream(seed));
      const examples = exampleVotes(poll.constants.rule, 7).map((each) => poll.vote(0, each, state, randomness));
      await prover.prepare(examples);
      const chosen = poll.vote(0, values, state, randomness);
      const { update, proof } = await prover.prove(poll.constants, chosen);
      expect(told).toEqual([...told].sort((a, b) => a - b));
      expect([(told[0] ?? -1) >= 0, told.at(-1), new Set(told).size > 8]).toEqual([true, 1, true]);
      // Whoever asks the thread something else is answered between two steps: none begins before the caller lets it.
      expect(overlapping).toBe(0);
      told = [];
      expect(update).toEqual(chosen.update);
      expect(await verifyUpdate(key, poll.constants, update, proof)).toBe(true);
      expect(await verifyUpdate(key, poll.constants, examples[0]!.update, proof)).toBe(false);
      await expect(prover.prove(poll.constants, chosen)).rejects.toMatchObject({ code: 'proof/unprepared' });
    }
  });

  it('proves nothing under another poll’s constants', async () => {
    const { artifacts } = load('ballot-2');
    const poll = await openPoll(ruleOf('single', {}, 2));
    const prover = await createVoteProver(await loadOwnProvingEngine(), artifacts, stream(9));
    const ballot = poll.vote(0, [1n, 0n]);
    await prover.prepare([ballot]);
    const constants = { ...poll.constants, scope: 5n as Field };
    await expect(prover.prove(constants, ballot)).rejects.toMatchObject({ code: 'ballot/signals' });
    await expect(prover.prepare([])).rejects.toMatchObject({ code: 'proof/unprepared' });
  });
});
