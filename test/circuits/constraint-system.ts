import { invert, mod, r } from '../../protocol/math/field.ts';

/** Σ coefficient·wire. */
export type Linear = readonly (readonly [wire: number, coefficient: bigint])[];
/** a·b = c. */
export interface Constraint {
  readonly a: Linear;
  readonly b: Linear;
  readonly c: Linear;
}

/** A constraint system as circom writes it (iden3 r1cs format, version 1), with the names of its wires. */
export interface ConstraintSystem {
  readonly wires: number;
  readonly publicSignals: number;
  readonly constraints: readonly Constraint[];
  /** Wire of a signal, by full name; signals that the compiler substituted are missing. */
  readonly wireOf: ReadonlyMap<string, number>;
  readonly nameOf: ReadonlyMap<number, string>;
}

/** Reads `.r1cs` and `.sym`. */
export function readConstraintSystem(bytes: Uint8Array, sym: string): ConstraintSystem {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sections = new Map<number, number>();
  let at = 12;
  for (let i = 0; i < view.getUint32(8, true); i++) {
    sections.set(view.getUint32(at, true), at + 12);
    at += 12 + Number(view.getBigUint64(at + 4, true));
  }
  const header = sections.get(1)! + 4 + view.getUint32(sections.get(1)!, true);
  at = sections.get(2)!;
  const number = (): bigint => {
    let value = 0n;
    for (let i = 3; i >= 0; i--) value = (value << 64n) | view.getBigUint64(at + 8 * i, true);
    at += 32;
    return value;
  };
  const linear = (): Linear => {
    const length = view.getUint32(at, true);
    at += 4;
    return Array.from({ length }, () => {
      const wire = view.getUint32(at, true);
      at += 4;
      return [wire, number()] as const;
    });
  };
  const constraints = Array.from({ length: view.getUint32(header + 24, true) }, () => ({
    a: linear(),
    b: linear(),
    c: linear(),
  }));
  const names = sym
    .trim()
    .split('\n')
    .map((line) => line.split(','))
    .filter((parts) => parts[1] !== '-1');
  return {
    wires: view.getUint32(header, true),
    publicSignals: view.getUint32(header + 8, true),
    constraints,
    wireOf: new Map(names.map((parts) => [parts[3]!, Number(parts[1])])),
    nameOf: new Map(names.map((parts) => [Number(parts[1]), parts[3]!]).reverse() as [number, string][]),
  };
}

function evaluate(terms: Linear, witness: readonly bigint[]): bigint {
  let sum = 0n;
  for (const [wire, coefficient] of terms) sum += coefficient * witness[wire]!;
  return sum % r;
}

/** Numbers of the constraints that `witness` breaks. */
export function brokenConstraints({ constraints }: ConstraintSystem, witness: readonly bigint[]): number[] {
  const broken: number[] = [];
  constraints.forEach(({ a, b, c }, i) => {
    if ((evaluate(a, witness) * evaluate(b, witness) - evaluate(c, witness)) % r !== 0n) broken.push(i);
  });
  return broken;
}

/** Names of all wires in these constraints: where in the circuit they stand. */
export function wiresIn(system: ConstraintSystem, constraints: readonly number[]): Set<string> {
  const names = new Set<string>();
  for (const i of constraints) {
    const { a, b, c } = system.constraints[i]!;
    for (const [wire] of [...a, ...b, ...c]) names.add(system.nameOf.get(wire) ?? 'one');
  }
  return names;
}

/**
 * What follows from some wires: solves every constraint that is linear in its only unknown wire, until none is left.
 * A wire whose coefficient vanishes is not determined and stays unknown.
 *
 * @returns the completed witness, and the wires that stayed unknown
 */
export function propagate(
  { constraints, wires }: ConstraintSystem,
  known: ReadonlyMap<number, bigint>,
): { readonly witness: (bigint | undefined)[]; readonly unknown: number[] } {
  const witness: (bigint | undefined)[] = Array.from({ length: wires }, (_, wire) => known.get(wire));
  witness[0] = 1n;
  const uses: number[][] = Array.from({ length: wires }, () => []);
  constraints.forEach(({ a, b, c }, i) => {
    for (const wire of new Set([...a, ...b, ...c].map(([each]) => each))) uses[wire]!.push(i);
  });
  const queue = constraints.map((_, i) => i);
  while (queue.length > 0) {
    const solved = solve(constraints[queue.pop()!]!, witness);
    if (solved === undefined) continue;
    witness[solved[0]] = solved[1];
    queue.push(...uses[solved[0]]!);
  }
  return { witness, unknown: witness.flatMap((value, wire) => (value === undefined ? [wire] : [])) };
}

/** A linear form with one unknown: `fixed + slope·x`. */
function split(terms: Linear, witness: readonly (bigint | undefined)[], unknown: number): [bigint, bigint] {
  let [fixed, slope] = [0n, 0n];
  for (const [wire, coefficient] of terms) {
    if (wire === unknown) slope += coefficient;
    else fixed += coefficient * witness[wire]!;
  }
  return [fixed % r, slope % r];
}

/** The unknown wire in these forms, if there is exactly one. */
function onlyUnknown(forms: readonly Linear[], witness: readonly (bigint | undefined)[]): number | undefined {
  let unknown: number | undefined;
  for (const terms of forms) {
    for (const [wire] of terms) {
      if (witness[wire] !== undefined || wire === unknown) continue;
      if (unknown !== undefined) return undefined;
      unknown = wire;
    }
  }
  return unknown;
}

function solve({ a, b, c }: Constraint, witness: readonly (bigint | undefined)[]): [number, bigint] | undefined {
  const unknown = onlyUnknown([a, b, c], witness);
  if (unknown === undefined) return undefined;
  const [[a0, a1], [b0, b1], [c0, c1]] = [a, b, c].map((terms) => split(terms, witness, unknown)) as [
    [bigint, bigint],
    [bigint, bigint],
    [bigint, bigint],
  ];
  if (a1 !== 0n && b1 !== 0n) return undefined;
  const slope = mod(a1 * b0 + a0 * b1 - c1, r);
  return slope === 0n ? undefined : [unknown, mod((c0 - a0 * b0) * invert(slope, r), r)];
}
