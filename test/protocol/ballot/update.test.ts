import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { emptyCiphertext, encodeLanes } from '../../../protocol/ballot/ciphertext.ts';
import { ruleOf } from '../../../protocol/ballot/presets.ts';
import { RANDOMNESS_BYTES, drawRandomness, randomnessScalar } from '../../../protocol/ballot/randomness.ts';
import { contextBase, fingerprint, updateContext } from '../../../protocol/ballot/slot.ts';
import {
  constantSignals,
  pollConstants,
  publicSignals,
  readUpdateSignals,
  signalCount,
  updateSignals,
} from '../../../protocol/ballot/statement.ts';
import { opensTo, prepareVote } from '../../../protocol/ballot/update.ts';
import { decodeWord, wordHex } from '../../../protocol/encoding.ts';
import { O, add, multiplyBase, negate, subtract } from '../../../protocol/math/curve.ts';
import type { Field, Scalar } from '../../../protocol/math/field.ts';
import { l } from '../../../protocol/math/field.ts';
import { buildTree, membershipPath } from '../../../protocol/roll/lean-imt.ts';
import type { Poll } from '../../circuits/fixture.ts';
import { after, commitment, id, laneKeys, openPoll, secrets, stream } from '../../circuits/fixture.ts';

let poll: Poll;
const chosen = [1n, 0n, 1n, 0n, 0n, 0n, 0n, 0n];

beforeAll(async () => {
  poll = await openPoll(ruleOf('approval', {}, 8));
});

describe('prepareVote', () => {
  it('encrypts each lane under its key with one randomness', () => {
    const { update, witness } = poll.vote(1, chosen);
    const rho = randomnessScalar(witness.randomness);
    expect(update.next.R).toEqual(multiplyBase(rho));
    const shared = [11n, 12n, 13n, 14n] as Scalar[];
    const keyed = pollConstants(poll.constants.scope, poll.constants, poll.constants.rule, shared.map(multiplyBase));
    const path = membershipPath(
      buildTree(
        poll.poseidon,
        secrets.map((s) => commitment(poll.poseidon, s)),
      ),
      0,
    );
    const request = { constants: keyed, contextBase: contextBase(id), secret: secrets[0]!, path, state: undefined };
    const vote = prepareVote(poll.poseidon, { ...request, values: chosen, randomness: witness.randomness });
    // Whoever holds the keys decrypts what was chosen.
    const opened = vote.update.next.C.map((c, j) => subtract(c, multiplyBase(((rho * shared[j]!) % l) as Scalar)));
    expect(opened).toEqual(encodeLanes(chosen));
  });

  it('replaces what the slot held, under the context of its head', () => {
    const first = poll.vote(1, chosen);
    const state = after(first);
    const second = poll.vote(1, [0n, 1n, 0n, 0n, 0n, 0n, 0n, 0n], state);
    expect([first.update.fresh, second.update.fresh]).toEqual([true, false]);
    expect(first.update.old).toEqual(emptyCiphertext(4));
    expect(second.update.old).toBe(first.update.next);
    expect(second.update.nullifier).toBe(first.update.nullifier);
    expect(second.update.context).toBe(updateContext(contextBase(id), first.update.nullifier, state.head));
  });

  it('refuses a vote against the rule', () => {
    expect(() => poll.vote(1, [2n, ...chosen.slice(1)])).toThrow(expect.objectContaining({ code: 'ballot/vote' }));
  });

  it('refuses a path of another roll', () => {
    const tree = buildTree(poll.poseidon, [1n, 2n, 3n] as Field[]);
    const randomness = drawRandomness(stream(9));
    const request = { constants: poll.constants, contextBase: 1n, secret: secrets[0]!, values: chosen, randomness };
    expect(() => prepareVote(poll.poseidon, { ...request, state: undefined, path: membershipPath(tree, 0) })).toThrow(
      expect.objectContaining({ code: 'ballot/path' }),
    );
  });

  it('refuses the one secret in 2^64 that the circuit does not take', () => {
    const tree = buildTree(
      poll.poseidon,
      secrets.map((s) => commitment(poll.poseidon, s)),
    );
    const request = {
      constants: poll.constants,
      contextBase: 1n,
      values: chosen,
      randomness: drawRandomness(stream(9)),
    };
    const secret = ((l >> 186n) << 186n) as Scalar;
    expect(() =>
      prepareVote(poll.poseidon, { ...request, secret, state: undefined, path: membershipPath(tree, 0) }),
    ).toThrow(expect.objectContaining({ code: 'ballot/secret' }));
  });
});

describe('prepareMask', () => {
  it('adds an encryption of nothing: the vote stays, every point changes', () => {
    const vote = poll.vote(1, chosen);
    const mask = poll.mask(vote.update.nullifier, after(vote));
    const rho = randomnessScalar(mask.witness.randomness);
    const added = mask.update.next.C.map((c, j) => add(c, negate(vote.update.next.C[j]!)));
    expect(added).toEqual(poll.constants.keys.map((key) => pollConstantsProduct(key, rho)));
    expect(mask.update.fresh).toBe(false);
  });
});

/** ρ·PK by the discrete logarithms of the keys, which tests know. */
function pollConstantsProduct(key: { x: bigint; y: bigint }, rho: Scalar): { x: bigint; y: bigint } {
  const logarithm = laneLogarithms.find(([, point]) => point.x === key.x)![0];
  return multiplyBase(((rho * logarithm) % l) as Scalar);
}
const laneLogarithms = Array.from({ length: 4 }, (_, j) => {
  const logarithm = (BigInt(`0x${Buffer.from(stream(100 + j)(32)).toString('hex')}`) % l) as Scalar;
  return [logarithm, multiplyBase(logarithm)] as const;
});

describe('opensTo', () => {
  it('accepts the values and randomness of a ciphertext, and no others', () => {
    const { update, witness } = poll.vote(1, chosen);
    const { keys } = poll.constants;
    expect(opensTo(keys, update.next, chosen, witness.randomness)).toBe(true);
    expect(opensTo(keys, update.next, [0n, ...chosen.slice(1)], witness.randomness)).toBe(false);
    expect(opensTo(keys, update.next, chosen, drawRandomness(stream(5)))).toBe(false);
    expect(opensTo(keys, { ...update.next, R: O }, chosen, witness.randomness)).toBe(false);
  });
});

describe('publicSignals', () => {
  it('has 14 + 12L signals, and the update’s can be read back', () => {
    const { update } = poll.vote(1, chosen);
    expect(publicSignals(poll.constants, update)).toHaveLength(signalCount(4));
    expect(readUpdateSignals(updateSignals(update), 4)).toEqual(update);
    expect(() => readUpdateSignals(updateSignals(update).slice(1), 4)).toThrow(
      expect.objectContaining({ code: 'ballot/lanes' }),
    );
  });

  it('refuses an update of another number of lanes, and keys that are missing or O', () => {
    const { update } = poll.vote(1, chosen);
    const narrow = pollConstants(poll.constants.scope, poll.constants, ruleOf('single', {}, 2), laneKeys(1));
    expect(() => publicSignals(narrow, update)).toThrow(expect.objectContaining({ code: 'ballot/lanes' }));
    for (const keys of [laneKeys(3), [O, ...laneKeys(3)]]) {
      expect(() => pollConstants(poll.constants.scope, poll.constants, poll.constants.rule, keys)).toThrow(
        expect.objectContaining({ code: 'ballot/lanes' }),
      );
    }
  });
});

describe('vectors', () => {
  interface Vector {
    readonly randomBytes: string;
    readonly values: readonly number[];
    readonly rho: string;
    readonly constants: readonly string[];
    readonly update: readonly string[];
    readonly fingerprint: string;
  }
  const file = join(import.meta.dirname, '../../vectors/ballot.json');
  const vector = JSON.parse(readFileSync(file, 'utf8')) as Vector;

  it('hold what a second implementation has to compute', () => {
    const bytes = Uint8Array.from(Buffer.from(vector.randomBytes.slice(2), 'hex'));
    expect(bytes).toHaveLength(RANDOMNESS_BYTES);
    const { update, witness } = poll.vote(
      1,
      vector.values.map(BigInt),
      undefined,
      drawRandomness(() => bytes),
    );
    expect(wordHex(randomnessScalar(witness.randomness))).toBe(vector.rho);
    expect(constantSignals(poll.constants).map(wordHex)).toEqual(vector.constants);
    expect(updateSignals(update)).toEqual(vector.update.map(decodeWord));
    expect(wordHex(fingerprint(id, update.nullifier, update.next))).toBe(vector.fingerprint);
  });
});
