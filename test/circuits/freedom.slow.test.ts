import { beforeAll, describe, expect, it } from '@jest/globals';
import { compileCircuit } from '../../circuits/compile.ts';
import { ruleOf } from '../../protocol/ballot/presets.ts';
import type { Randomness } from '../../protocol/ballot/randomness.ts';
import { PAIRS } from '../../protocol/ballot/randomness.ts';
import { r } from '../../protocol/math/field.ts';
import type { CircuitInputs } from '../../protocol/math/witness-calculator.ts';
import type { ConstraintSystem } from './constraint-system.ts';
import { brokenConstraints, propagate, readConstraintSystem } from './constraint-system.ts';
import type { Poll } from './fixture.ts';
import { after, calculateWitness, openPoll } from './fixture.ts';

let system: ConstraintSystem;
let wasm: Uint8Array;
let poll: Poll;

beforeAll(async () => {
  const compiled = compileCircuit('circuits/main/ballot-2.circom', '.cache/test/freedom');
  system = readConstraintSystem(compiled.r1cs, compiled.sym);
  wasm = compiled.wasm;
  poll = await openPoll(ruleOf('ranking', {}, 2));
});

/** Digits of a number: each constrained to 0 or 1, and together to the number, so they cannot be others. */
const isDigit = (name: string): boolean =>
  /^main\.(digits\[|identity\.digits\[)|\.out\[\d+\]$|\.(above|below|last)\[\d+\]$|\.spare\[/.test(name) &&
  !/Poseidon|EdwardsAdd|MontgomeryAdd|ToEdwards|ToMontgomery|sum\[|step\[|FixedBase|message|key\.out/.test(name);

/** Wires that stay open when inputs and digits are given: whatever a prover could choose besides. */
function openWires(witness: readonly bigint[]): { readonly open: string[]; readonly agrees: boolean } {
  const known = new Map<number, bigint>();
  for (const [wire, name] of system.nameOf) {
    const isInput = /^main\.[A-Za-z0-9]+(\[\d+\])*$/.test(name) && !/^main\.(digits|mask[RC]|bound|group)/.test(name);
    if (isInput || isDigit(name)) known.set(wire, witness[wire]!);
  }
  const { witness: derived, unknown } = propagate(system, known);
  const agrees = derived.every((value, wire) => value === undefined || value === witness[wire]);
  return { open: unknown.map((wire) => system.nameOf.get(wire)!), agrees };
}

const constant = (bit: 0 | 1): (0 | 1)[] => Array.from({ length: PAIRS }, () => bit);
const alternating = (bit: 0 | 1): (0 | 1)[] => Array.from({ length: PAIRS }, (_, i) => ((i & 1) ^ bit) as 0 | 1);

describe('wires of the ballot circuit', () => {
  it('are all determined by inputs and digits, but for the inverses of zero, which change nothing', async () => {
    const vote = poll.vote(1, [2n, 1n]);
    const mask = poll.mask(vote.update.nullifier, after(vote));
    for (const { inputs } of [vote, mask]) {
      const witness = await calculateWitness(wasm, inputs);
      const { open, agrees } = openWires(witness);
      expect(agrees).toBe(true);
      // Runs of the bound's ones that the secret meets, and the quotient of two options without a rank.
      expect(open.filter((name) => !/IsZero.*\.inv$/.test(name) && !/\.quotient\[0\]$/.test(name))).toEqual([]);
      expect(open.length).toBeLessThan(8);
    }
  });

  it('stay determined while the digits of ρ walk their bounds: no incomplete addition degenerates', async () => {
    const digits = [constant(0), constant(1), alternating(0), alternating(1)];
    const walks = digits.flatMap((sign) => digits.map((pair) => ({ sign, pair })));
    for (const [i, walk] of walks.entries()) {
      const randomness: Randomness = { top: (i & 1) as 0 | 1, ...walk };
      const witness = await calculateWitness(wasm, poll.vote(i % 5, [1n, 2n], undefined, randomness).inputs);
      expect(brokenConstraints(system, witness)).toEqual([]);
      const { open } = openWires(witness);
      expect(open.filter((name) => !/IsZero.*\.inv$/.test(name))).toEqual([]);
    }
  });

  it('each break a constraint when changed alone', async () => {
    const witness = await calculateWitness(wasm, poll.vote(1, [2n, 1n]).inputs);
    const uses = new Map<number, number[]>();
    system.constraints.forEach(({ a, b, c }, i) => {
      for (const [wire] of [...a, ...b, ...c]) uses.set(wire, [...(uses.get(wire) ?? []), i]);
    });
    const free: string[] = [];
    for (let wire = 1; wire < system.wires; wire++) {
      const constraints = [...new Set(uses.get(wire) ?? [])].map((i) => system.constraints[i]!);
      const changed = [...witness];
      changed[wire] = (witness[wire]! + 12_345n) % r;
      if (brokenConstraints({ ...system, constraints }, changed).length === 0) free.push(system.nameOf.get(wire)!);
    }
    // A sibling where the node moves up alone; inverses of zero; and a vote's `old` and `fresh`, which it does not depend on
    // (the contract computes both, and the head in `context` binds them).
    const harmless = /\.inv$|^main\.(sibling\[|fresh$|old[RC]\[)/;
    expect(free.filter((name) => !harmless.test(name))).toEqual([]);
  });
});

describe('public signals', () => {
  it('are the first wires, in SPEC’s order', async () => {
    const { inputs } = poll.vote(1, [2n, 1n]);
    const witness = await calculateWitness(wasm, inputs);
    const order = [
      'scope',
      'root',
      'members',
      'minTotal',
      'maxTotal',
      'quadratic',
      'distinct',
      'max',
      'price',
      'PK',
      'PK2',
    ];
    const update = ['nullifier', 'context', 'fresh', 'oldR', 'newR', 'oldC', 'newC'];
    const flat = [...order, ...update].flatMap((name) => [(inputs as CircuitInputs)[name]].flat(2) as bigint[]);
    expect(witness.slice(1, 1 + system.publicSignals)).toEqual(flat);
  });
});
