import { beforeAll, describe, expect, it } from '@jest/globals';
import { compileCircuit } from '../../circuits/compile.ts';
import { ruleOf } from '../../protocol/ballot/presets.ts';
import { drawRandomness } from '../../protocol/ballot/randomness.ts';
import type { PollConstants, Update } from '../../protocol/ballot/statement.ts';
import { brokenClaims } from '../../protocol/ballot/twin.ts';
import type { PreparedUpdate } from '../../protocol/ballot/update.ts';
import { circuitInputs } from '../../protocol/ballot/witness.ts';
import type { Witness } from '../../protocol/ballot/witness.ts';
import { G, add } from '../../protocol/math/curve.ts';
import type { Field, Scalar } from '../../protocol/math/field.ts';
import type { ConstraintSystem } from './constraint-system.ts';
import { brokenConstraints, readConstraintSystem } from './constraint-system.ts';
import type { Poll } from './fixture.ts';
import { after, openPoll, secrets, stream } from './fixture.ts';
import type { Generator } from './unchecked.ts';
import { uncheckedGenerator, uncheckedWitness } from './unchecked.ts';

let system: ConstraintSystem;
let generator: Generator;
let poll: Poll;

async function openCircuit(options: number): Promise<void> {
  const name = `ballot-${options}`;
  const compiled = compileCircuit(`circuits/main/${name}.circom`, `.cache/test/twin-${options}`);
  system = readConstraintSystem(compiled.r1cs, compiled.sym);
  generator = uncheckedGenerator(name, `.cache/test/twin-unchecked-${options}`);
  poll = await openPoll(ruleOf('ranking', { ranks: 3, min: 1 }, options));
}

/** The last option but two is the worst of three, so that it stands in a lane of its own in every circuit. */
const ranksOf = (options: number): bigint[] =>
  Array.from({ length: options }, (_, i) => (i === 0 ? 3n : i === 3 ? 2n : i === options - 3 ? 1n : 0n));

interface Statement {
  readonly constants: PollConstants;
  readonly update: Update;
  readonly witness: Witness;
}

/** One part of a statement exchanged, so that at most one thing is wrong with it. */
const changes: Readonly<Record<string, (statement: Statement) => Statement>> = {
  nothing: (s) => s,
  secret: (s) => ({ ...s, witness: { ...s.witness, secret: secrets[3] as Scalar } }),
  'a nullifier': (s) => ({ ...s, update: { ...s.update, nullifier: (s.update.nullifier + 1n) as Field } }),
  root: (s) => ({ ...s, constants: { ...s.constants, root: 1n as Field } }),
  'fewer members': (s) => ({ ...s, constants: { ...s.constants, members: 4 } }),
  'more members': (s) => ({ ...s, constants: { ...s.constants, members: 700_000 } }),
  'a side': (s) => flipSide(s, 0),
  'a side above the root': (s) => flipSide(s, 19),
  'fresh or not': (s) => ({ ...s, update: { ...s.update, fresh: !s.update.fresh } }),
  'a higher minimum': (s) => ({ ...s, constants: { ...s.constants, rule: { ...s.constants.rule, minTotal: 7n } } }),
  'a lower maximum': (s) => ({ ...s, constants: { ...s.constants, rule: { ...s.constants.rule, maxTotal: 5n } } }),
  'equal ranks allowed': (s) => ({
    ...s,
    constants: { ...s.constants, rule: { ...s.constants.rule, distinct: false } },
  }),
  squares: (s) => ({ ...s, constants: { ...s.constants, rule: { ...s.constants.rule, quadratic: true } } }),
  'a lower bound of one option': (s) => ({
    ...s,
    constants: { ...s.constants, rule: { ...s.constants.rule, max: [2n, ...s.constants.rule.max.slice(1)] } },
  }),
  'a value': (s) => ({ ...s, witness: { ...s.witness, values: [1n, ...s.witness.values.slice(1)] } }),
  randomness: (s) => ({ ...s, witness: { ...s.witness, randomness: drawRandomness(stream(77)) } }),
  'the old ciphertext': (s) => ({ ...s, update: { ...s.update, old: { R: G, C: s.update.old.C.map(() => G) } } }),
  'the new R': (s) => ({ ...s, update: { ...s.update, next: { ...s.update.next, R: G } } }),
  'a new C': (s) => {
    const C = s.update.next.C.map((point, j) => (j === 2 ? add(point, G) : point));
    return { ...s, update: { ...s.update, next: { ...s.update.next, C } } };
  },
  selector: (s) => ({ ...s, witness: { ...s.witness, selector: !s.witness.selector } }),
};

function flipSide(s: Statement, level: number): Statement {
  const sides = s.witness.path.sides.map((side, i) => (i === level ? 1n - side : side));
  return { ...s, witness: { ...s.witness, path: { ...s.witness.path, sides } } };
}

function statementOf({ update, witness }: PreparedUpdate): Statement {
  return { constants: poll.constants, update, witness };
}

/** What depends on the number of lanes; all else is the same in every circuit. */
const PER_LANE = ['nothing', 'a lower bound of one option', 'squares', 'a value', 'a new C', 'selector', 'randomness'];

describe.each([
  [8, Object.keys(changes)],
  [16, PER_LANE],
] as const)('brokenClaims of %i options', (options, names) => {
  beforeAll(() => openCircuit(options));

  it.each(names)('agrees with the constraints after a change of: %s', async (name) => {
    const ranks = ranksOf(options);
    const first = poll.vote(1, ranks);
    const state = after(first);
    const updates = [first, poll.vote(4, ranks), poll.vote(1, ranks, state), poll.mask(first.update.nullifier, state)];
    for (const prepared of updates) {
      const { constants, update, witness } = changes[name]!(statementOf(prepared));
      const claims = brokenClaims(poll.poseidon, constants, update, witness);
      const inputs = circuitInputs(constants, update, witness);
      const constraints = brokenConstraints(system, await uncheckedWitness(generator, system, inputs));
      expect([claims, constraints.length === 0]).toEqual([claims, claims.length === 0]);
      if (name === 'nothing') expect(claims).toEqual([]);
    }
  });
});
