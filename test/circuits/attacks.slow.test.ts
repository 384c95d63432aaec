import { beforeAll, describe, expect, it } from '@jest/globals';
import { compileCircuit } from '../../circuits/compile.ts';
import { ruleOf } from '../../protocol/ballot/presets.ts';
import { randomnessScalar } from '../../protocol/ballot/randomness.ts';
import { encodeLanes, encryptOver } from '../../protocol/ballot/ciphertext.ts';
import type { Rule } from '../../protocol/ballot/rules.ts';
import type { PreparedUpdate } from '../../protocol/ballot/update.ts';
import { G, O, add, multiplyBase, negate, pointWords } from '../../protocol/math/curve.ts';
import type { Point } from '../../protocol/math/curve.ts';
import type { Field, Scalar } from '../../protocol/math/field.ts';
import { l, r } from '../../protocol/math/field.ts';
import type { CircuitInputs } from '../../protocol/math/witness-calculator.ts';
import { brokenConstraints, readConstraintSystem, wiresIn } from './constraint-system.ts';
import type { ConstraintSystem } from './constraint-system.ts';
import type { Poll } from './fixture.ts';
import { after, commitment, openPoll, secrets } from './fixture.ts';
import { uncheckedGenerator, uncheckedWitness } from './unchecked.ts';
import type { Generator } from './unchecked.ts';

let system: ConstraintSystem;
let generator: Generator;
let poll: Poll;

beforeAll(async () => {
  const compiled = compileCircuit('circuits/main/ballot-2.circom', '.cache/test/attacks');
  system = readConstraintSystem(compiled.r1cs, compiled.sym);
  generator = uncheckedGenerator('ballot-2', '.cache/test/attacks-unchecked');
  poll = await openPoll(ruleOf('single', {}, 2));
});

/** Names of the wires in the constraints that these inputs break; empty if they are accepted. */
async function broken(inputs: CircuitInputs): Promise<{ count: number; names: Set<string> }> {
  const constraints = brokenConstraints(system, await uncheckedWitness(generator, system, inputs));
  return { count: constraints.length, names: wiresIn(system, constraints) };
}

/** Inputs of a cheater: an honest update's, some replaced. */
function cheat({ inputs }: PreparedUpdate, changes: CircuitInputs): CircuitInputs {
  return { ...inputs, ...changes };
}

/** An update under `limits` with values that it may forbid, ciphertext and all else consistent. */
async function forced(limits: Rule, values: readonly bigint[]): Promise<CircuitInputs> {
  const loose = { minTotal: 0n, maxTotal: 2046n, quadratic: false, distinct: false };
  const free = await openPoll({ ...loose, max: [1023n, 1023n], price: [1n, 1n] });
  const { max, price, minTotal, maxTotal } = limits;
  const flags = { quadratic: BigInt(limits.quadratic), distinct: BigInt(limits.distinct) };
  return { ...free.vote(1, values).inputs, max, price, minTotal, maxTotal, ...flags };
}

const rule = (changes: Partial<Rule> = {}): Rule => ({ ...ruleOf('single', {}, 2), ...changes });
const negative = (value: bigint): bigint => r - value;

describe('ballot circuit', () => {
  it('accepts votes, changed votes and masks', async () => {
    const first = poll.vote(1, [0n, 1n]);
    const state = after(first);
    for (const { inputs } of [first, poll.vote(1, [1n, 0n], state), poll.mask(first.update.nullifier, state)]) {
      expect((await broken(inputs)).count).toBe(0);
    }
  });

  describe('claim 1: the selector is 0 or 1, and no mask is laid on an empty slot', () => {
    it('refuses a mask of an empty slot by exactly that constraint', async () => {
      const vote = poll.vote(1, [0n, 1n]);
      const mask = poll.mask(vote.update.nullifier, { head: 0n as Field, ciphertext: { R: O, C: [O] } });
      const { count, names } = await broken(cheat(mask, { fresh: 1n }));
      expect(count).toBe(1);
      expect(names).toContain('main.fresh');
    });

    it.each([2n, negative(1n), (r + 1n) / 2n])(
      'refuses the selector %s: an update that is neither',
      async (selector) => {
        const state = after(poll.vote(1, [0n, 1n]));
        const vote = poll.vote(1, [1n, 0n], state);
        // Everything but the selector is consistent: the new points are those of s·M + (1-s)·old.
        const rho = randomnessScalar(vote.witness.randomness);
        const mask = encryptOver({ R: O, C: [O] }, poll.constants.keys, rho);
        const blend = (a: Point, b: Point): Point => ({
          x: (b.x + selector * (a.x - b.x + r)) % r,
          y: (b.y + selector * (a.y - b.y + r)) % r,
        });
        const R = addCoordinates(blend(O, state.ciphertext.R), mask.R);
        const C = addCoordinates(blend(encodeLanes([1n, 0n])[0]!, state.ciphertext.C[0]!), mask.C[0]!);
        const { count, names } = await broken(
          cheat(vote, { selector, newR: pointWords(R), newC: [pointWords(C)], minTotal: 0n }),
        );
        expect(count).toBe(1);
        expect([...names].filter((name) => name !== 'one')).toEqual(['main.selector']);
      },
    );
  });

  describe('claim 2: the secret is a member’s', () => {
    it('refuses a stranger by exactly the root’s constraint', async () => {
      const secret = 12_345n as Scalar;
      const vote = poll.vote(1, [0n, 1n]);
      const { count, names } = await broken(
        cheat(vote, { secret, nullifier: poll.poseidon([poll.constants.scope, secret]) }),
      );
      expect(count).toBe(1);
      expect(names).toContain('main.root');
    });

    it('refuses another root, and another number of members', async () => {
      const vote = poll.vote(0, [0n, 1n]);
      expect((await broken(cheat(vote, { root: poll.constants.root + 1n }))).names).toContain('main.root');
      expect((await broken(cheat(vote, { members: 4n }))).names).toContain('main.root');
      expect((await broken(cheat(vote, { members: 0n }))).count).toBeGreaterThan(0);
      expect((await broken(cheat(vote, { members: (1n << 20n) + 1n }))).count).toBeGreaterThan(0);
    });

    it('refuses two identities behind one registered number, whatever levels their path claims', async () => {
      const [x, y] = [secrets[0]!, secrets[1]!].map((secret) => commitment(poll.poseidon, secret)) as [Field, Field];
      const others = secrets.slice(1).map((secret) => commitment(poll.poseidon, secret));
      // The cheater registered Poseidon(x, y) and stands last of five: a path of one hash, with room for more.
      const fooled = await openPoll(rule(), [...others, poll.poseidon([x, y])]);
      const sibling = fooled.poseidon([
        fooled.poseidon([others[0]!, others[1]!]),
        fooled.poseidon([others[2]!, others[3]!]),
      ]);
      const honest = fooled.vote(0, [0n, 1n]);
      const none = Array.from({ length: 20 }, () => 0n);
      for (let sides = 0; sides < 8; sides++) {
        const side = none.map((_, k) => BigInt((sides >> k) & 1));
        for (const level of [1, 2]) {
          const path = none.map((_, k) => (k === 0 ? y : k === level ? sibling : 0n));
          const inputs = cheat(honest, { secret: secrets[0]!, sibling: path, side, nullifier: nullifierOf(fooled, 0) });
          expect((await broken(inputs)).names).toContain('main.root');
        }
      }
      // In a tree of six the same path would be in order: it is the number of members that refuses it.
      const path = none.map((_, k) => (k === 0 ? y : k === 2 ? sibling : 0n));
      const side = none.map((_, k) => (k === 2 ? 1n : 0n));
      const inputs = cheat(honest, { secret: secrets[0]!, sibling: path, side, nullifier: nullifierOf(fooled, 0) });
      expect((await broken({ ...inputs, members: 6n })).count).toBe(0);
    });

    it('refuses a side that is neither left nor right', async () => {
      const vote = poll.vote(1, [0n, 1n]);
      const side = (vote.inputs['side'] as bigint[]).map((bit, k) => (k === 1 ? 2n : bit));
      expect((await broken(cheat(vote, { side }))).names).toContain('main.side[1]');
    });
  });

  describe('claim 3: the nullifier is the secret’s', () => {
    it('refuses another nullifier by exactly that constraint', async () => {
      const vote = poll.vote(1, [0n, 1n]);
      const { count, names } = await broken(cheat(vote, { nullifier: vote.update.nullifier + 1n }));
      expect(count).toBe(1);
      expect(names).toContain('main.nullifier');
    });

    it('refuses a secret ≥ l, which would give an identity a second nullifier', async () => {
      const vote = poll.vote(0, [0n, 1n]);
      const secret = secrets[0]! + l;
      const second = cheat(vote, { secret, nullifier: poll.poseidon([poll.constants.scope, secret]) });
      const { count, names } = await broken(second);
      expect(count).toBeGreaterThan(0);
      expect([...names].every((name) => name === 'one' || name.startsWith('main.identity'))).toBe(true);
    });

    it('takes the largest secret there is, and refuses the next', async () => {
      const bound = (l >> 186n) << 186n;
      const leaves = [bound - 1n, bound].map((secret) => commitment(poll.poseidon, secret));
      const edge = await openPoll(rule(), leaves);
      const { inputs } = edge.vote(0, [0n, 1n]);
      const at = (secret: bigint, side: bigint): CircuitInputs => ({
        ...inputs,
        secret,
        nullifier: edge.poseidon([edge.constants.scope, secret]),
        sibling: [leaves[side === 0n ? 1 : 0]!, ...Array.from({ length: 19 }, () => 0n)],
        side: [side, ...Array.from({ length: 19 }, () => 0n)],
      });
      expect((await broken(at(bound - 1n, 0n))).count).toBe(0);
      expect((await broken(at(bound, 1n))).count).toBeGreaterThan(0);
      expect((await broken(at(l - 1n, 1n))).names).toContain('main.root');
    });
  });

  describe('claim 4: the values obey the rule', () => {
    const cases: readonly (readonly [string, Rule, readonly bigint[]])[] = [
      ['a value above max', rule({ max: [1n, 1n], maxTotal: 9n }), [2n, 0n]],
      ['an unused option that is used', rule({ max: [1n, 0n], maxTotal: 9n }), [0n, 1n]],
      ['a total above maxTotal', rule({ max: [1n, 1n], maxTotal: 1n }), [1n, 1n]],
      ['a total below minTotal', rule({ max: [1n, 1n], minTotal: 1n }), [0n, 0n]],
      [
        'prices above the budget',
        rule({ price: [4_294_967_295n, 2n], max: [1n, 1n], maxTotal: 4_294_967_295n }),
        [1n, 1n],
      ],
      ['squares above the credits', rule({ quadratic: true, price: [0n, 0n], max: [9n, 9n], maxTotal: 9n }), [3n, 1n]],
      ['equal ranks', rule({ distinct: true, max: [2n, 2n], maxTotal: 9n }), [2n, 2n]],
    ];
    it.each(cases)('refuses %s', async (_, limits, values) => {
      expect((await broken(await forced(limits, values))).count).toBeGreaterThan(0);
    });

    it('accepts what stands at the limits', async () => {
      const atLimits: readonly (readonly [Rule, readonly bigint[]])[] = [
        [rule({ max: [1023n, 1023n], maxTotal: 2046n, minTotal: 2046n }), [1023n, 1023n]],
        [rule({ price: [4_294_967_294n, 1n], maxTotal: 4_294_967_295n }), [1n, 1n]],
        [rule({ quadratic: true, price: [0n, 0n], max: [9n, 9n], maxTotal: 10n, minTotal: 10n }), [3n, 1n]],
        [rule({ distinct: true, max: [2n, 2n], minTotal: 0n, maxTotal: 3n }), [2n, 1n]],
        [rule({ distinct: true, max: [2n, 2n], minTotal: 0n, maxTotal: 3n }), [0n, 0n]],
      ];
      for (const [limits, values] of atLimits) expect((await broken(await forced(limits, values))).count).toBe(0);
    });

    it.each([1024n, negative(1n), 1n << 32n])('refuses the value %s, which has no ten digits', async (value) => {
      const vote = poll.vote(1, [0n, 1n]);
      const names = (await broken(cheat(vote, { value: [value, 1n] }))).names;
      expect([...names].some((name) => name.startsWith('main.digits') || name === 'main.value[0]')).toBe(true);
    });
  });

  describe('claims 5, 6, 7: the new ciphertext is the selected one under fresh randomness', () => {
    it('refuses digits of ρ other than 0 and 1', async () => {
      const vote = poll.vote(1, [0n, 1n]);
      const change = (name: string): bigint[] => (vote.inputs[name] as bigint[]).map((bit, i) => (i === 60 ? 2n : bit));
      expect((await broken(cheat(vote, { rhoTop: 2n }))).names).toContain('main.rhoTop');
      for (const name of ['rhoSign', 'rhoPair']) {
        const { names } = await broken(cheat(vote, { [name]: change(name) }));
        expect(names).toContain(`main.${name}[60]`);
      }
    });

    it('refuses a mask that changes the vote', async () => {
      const first = poll.vote(1, [0n, 1n]);
      const mask = poll.mask(first.update.nullifier, after(first));
      const swapped = add(mask.update.next.C[0]!, add(G, negate(multiplyBase((1n << 32n) as Scalar))));
      expect((await broken(cheat(mask, { newC: [pointWords(swapped)] }))).names).toContain('main.newC[0][0]');
    });

    it('refuses a vote under another key, and two randomnesses in one update', async () => {
      const vote = poll.vote(1, [0n, 1n]);
      const rho = randomnessScalar(vote.witness.randomness);
      const base = { R: O, C: encodeLanes([0n, 1n]) };
      const other = encryptOver(base, [multiplyBase(99n as Scalar)], rho);
      expect((await broken(cheat(vote, { newC: other.C.map((c) => pointWords(c)) }))).names).toContain(
        'main.newC[0][0]',
      );
      const again = encryptOver(base, poll.constants.keys, (rho + 2n) as Scalar);
      expect((await broken(cheat(vote, { newR: pointWords(again.R) }))).names).toContain('main.newR[0]');
    });

    it('refuses a vote that is added to the old one instead of replacing it', async () => {
      const state = after(poll.vote(1, [0n, 1n]));
      const vote = poll.vote(1, [0n, 1n], state);
      const C = add(vote.update.next.C[0]!, state.ciphertext.C[0]!);
      const R = add(vote.update.next.R, state.ciphertext.R);
      const { names } = await broken(cheat(vote, { newR: pointWords(R), newC: [pointWords(C)] }));
      expect(names).toContain('main.newC[0][0]');
    });
  });
});

function nullifierOf({ poseidon, constants }: Poll, voter: number): Field {
  return poseidon([constants.scope, secrets[voter]!]);
}

/** The circuit's addition formula on any coordinates. */
function addCoordinates(p: Point, q: Point): Point {
  const cross = (168696n * ((p.x * q.x) % r) * ((p.y * q.y) % r)) % r;
  const over = (top: bigint, bottom: bigint): bigint => (((top % r) + r) * power(((bottom % r) + r) % r, r - 2n)) % r;
  return { x: over(p.x * q.y + p.y * q.x, 1n + cross), y: over(p.y * q.y - 168700n * p.x * q.x, 1n - cross) };
}

function power(base: bigint, exponent: bigint): bigint {
  let [result, square] = [1n, base];
  for (let e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * square) % r;
    square = (square * square) % r;
  }
  return result;
}
