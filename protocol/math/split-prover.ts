import type { RandomBytes } from '../random.ts';
import { mod, r } from './field.ts';
import type { FixedBases } from './fixed-bases.ts';
import { fixBases, fixedSum, spareMultiples } from './fixed-bases.ts';
import type { ConstraintRows, RowTerm } from './constraint-rows.ts';
import { constraintRows, movedRows, termsOf } from './constraint-rows.ts';
import type { CosetTables } from './coset.ts';
import { cosetTables } from './coset.ts';
import type { Proof } from './groth16-proof.ts';
import { multiScalar } from './multi-scalar.ts';
import type { WireSums } from './prover.ts';
import { assembleProof, blindSums, requireWitness, wireSums, wireValue } from './prover.ts';
import type { ProofStep, StepDone } from './proof-steps.ts';
import type { GroupName, ProvingEngine } from './proving-engine.ts';
import { GROUPS } from './proving-engine.ts';
import type { ProvingKey } from './proving-key.ts';
import { FIELD_BYTES } from './proving-key.ts';
import { quotient } from './quotient.ts';

/** A circuit's key, made ready for proofs. Public. */
export interface OpenedCircuit {
  readonly key: ProvingKey;
  readonly coset: CosetTables;
  /** Multiples of the points of the quotient, 20 MB for `ballot-8`, where they were made. */
  readonly h: FixedBases | undefined;
}

/** A circuit made ready for proofs that have to come fast. */
export interface PreparedCircuit extends OpenedCircuit {
  readonly h: FixedBases;
}

/** The four lists of a proving key that have a point a wire. */
type List = keyof WireSums;
const LISTS: readonly List[] = ['b2', 'a', 'b1', 'c'];

/**
 * Sums of a witness that is like the one to be proved: nearly all of a proof's work, and linear in the witness. As secret as
 * the witness, and for one proof only.
 */
export interface PreparedProof {
  readonly witness: Uint8Array;
  readonly sums: WireSums;
  readonly rows: ConstraintRows;
  /** Wires that are expected to change, ascending, and their points. */
  readonly open: readonly number[];
  readonly bases: Readonly<Record<List, FixedBases>>;
  /** Coefficients of the open wires; undefined if they are so many that the rows are better made anew. */
  readonly terms: readonly RowTerm[] | undefined;
  /** Copies of the circuit's multiples: used up by the first proof; another one takes a little longer. Public. */
  readonly spares: readonly Uint8Array[];
}

/** Coefficients from which on all rows are made anew: those of a voter's choice are about 600. */
const MANY_TERMS = 4096;

function groupOf(list: List): GroupName {
  return list === 'b2' ? 'G2' : 'G1';
}

/** The first wire that a list has a point for. */
function firstWire(key: ProvingKey, list: List): number {
  return list === 'c' ? key.publicSignals + 1 : 0;
}

const untold: StepDone = () => undefined;

/** Does a step of a proof, and tells that it is done. */
type RunStep = <T>(step: ProofStep, work: () => Promise<T>) => Promise<T>;

/** Workers are given all steps at once, and share them out; a single thread does them one after the other, and each is told in its time. */
function runSteps({ tm }: ProvingEngine, done: StepDone): RunStep {
  let last: Promise<unknown> = Promise.resolve();
  return async (step, work) => {
    const before = last;
    const running = (tm.singleThread === true ? before.then(work) : work()).then(async (result) => {
      await done(step);
      return result;
    });
    last = running.catch(() => undefined);
    return running;
  };
}

/** Makes a circuit ready for a few proofs. */
export async function openCircuit(engine: ProvingEngine, key: ProvingKey, done = untold): Promise<OpenedCircuit> {
  const coset = await cosetTables(engine, key.domain);
  await done('coset');
  return { key, coset, h: undefined };
}

/** Makes a circuit ready for many proofs: takes about as long as two of them in one thread, and saves a tenth of each. */
export async function prepareCircuit(engine: ProvingEngine, key: ProvingKey): Promise<PreparedCircuit> {
  const [h, opened] = await Promise.all([fixBases(engine, 'G1', key.h), openCircuit(engine, key)]);
  return { ...opened, h };
}

/**
 * Does what can be done before the voter's choice is known (SPEC §10.9).
 *
 * @param witness - of any valid vote under the final randomness: 32 bytes a wire, little-endian
 * @param others - of other votes under the same randomness; wires in which they differ from `witness` are expected to change.
 *   Whatever they are, the proof will be right; it only takes longer if other wires change.
 * @throws `proof/witness` if a witness has another length than the circuit's
 */
export async function prepareProof(
  engine: ProvingEngine,
  { key, h }: OpenedCircuit,
  witness: Uint8Array,
  others: readonly Uint8Array[],
  done = untold,
): Promise<PreparedProof> {
  [witness, ...others].forEach((each) => requireWitness(key, each));
  const open = wiresWhere(key, (wire) => others.some((other) => differs(witness, other, wire)));
  const run = runSteps(engine, done);
  const fix = (list: List): Promise<FixedBases> =>
    run(list, () => fixBases(engine, groupOf(list), pointsOf(key, list, open)));
  const [sums, rows, b2, a, b1, c] = await Promise.all([
    wireSums(engine, key, witness, (list, sum) => run(`sum-${list}`, sum)),
    run('rows', () => constraintRows(engine, key, witness)),
    ...(['b2', 'a', 'b1', 'c'] as const).map(fix),
  ] as const);
  const terms = termsOf(key, new Set(open));
  const few = terms.length < MANY_TERMS ? terms : undefined;
  const bases = { a, b1, b2, c } as Record<List, FixedBases>;
  return { witness, sums, rows, open, bases, spares: h === undefined ? [] : spareMultiples(engine, h), terms: few };
}

/**
 * A Groth16 proof of `witness`, from what was prepared for a similar one: what is left is the quotient polynomial and the
 * wires that differ.
 *
 * @param random - for the two blinding factors, without which a proof would show the witness
 * @returns the strictly decoded proof; it is not checked that `witness` satisfies the circuit
 * @throws `proof/witness` if the witness has another length than the circuit's
 */
export async function finishProof(
  engine: ProvingEngine,
  { key, h, coset }: OpenedCircuit,
  prepared: PreparedProof,
  witness: Uint8Array,
  random: RandomBytes,
  done = untold,
): Promise<Proof> {
  requireWitness(key, witness);
  const moved = movedWires(key, prepared, witness);
  const rows = await rowsOf(engine, key, prepared, witness, moved);
  const run = runSteps(engine, done);
  const quotientRows = run('quotient', () => quotient(engine, coset, rows));
  const sums = run('moves', () => movedSums(engine, key, prepared, moved));
  const values = await quotientRows;
  const hSum = run('points', () =>
    h === undefined ? multiScalar(engine, 'G1', key.h, values) : fixedSum(engine, h, values, prepared.spares),
  );
  // The workers add up the quotient's part; meanwhile here the rest.
  const blinded = blindSums(engine, key, await sums, random);
  const proof = assembleProof(engine, blinded, await hSum);
  await done('remainder');
  for (const secret of [rows.a, rows.b, rows.c, values, ...moved.by.values()]) secret.fill(0);
  return proof;
}

/** What a witness has otherwise than the prepared one. */
interface MovedWires {
  /** By how much an open wire, or one of `rest`, differs: 32 bytes, little-endian. */
  readonly by: ReadonlyMap<number, Uint8Array>;
  /** Wires that differ though they were not expected to, ascending. */
  readonly rest: readonly number[];
}

function movedWires(key: ProvingKey, prepared: PreparedProof, witness: Uint8Array): MovedWires {
  const open = new Set(prepared.open);
  const rest = wiresWhere(key, (wire) => !open.has(wire) && differs(witness, prepared.witness, wire));
  const by = new Map(
    [...prepared.open, ...rest].map((wire) => [
      wire,
      difference(wireValue(witness, wire), wireValue(prepared.witness, wire)),
    ]),
  );
  return { by, rest };
}

function differenceOf({ by }: MovedWires, wire: number): Uint8Array {
  return by.get(wire) ?? new Uint8Array(FIELD_BYTES);
}

async function rowsOf(
  engine: ProvingEngine,
  key: ProvingKey,
  { rows, terms }: PreparedProof,
  witness: Uint8Array,
  moved: MovedWires,
): Promise<ConstraintRows> {
  const more = moved.rest.length === 0 ? [] : termsOf(key, new Set(moved.rest));
  if (terms === undefined || terms.length + more.length >= MANY_TERMS) return constraintRows(engine, key, witness);
  return movedRows(engine, rows, [...terms, ...more], (wire) => differenceOf(moved, wire));
}

/** The sums of a witness, from those of the prepared one. */
async function movedSums(
  engine: ProvingEngine,
  key: ProvingKey,
  prepared: PreparedProof,
  moved: MovedWires,
): Promise<WireSums> {
  const differences = (wires: readonly number[]): Uint8Array => join(wires.map((wire) => differenceOf(moved, wire)));
  const move = async (list: List): Promise<Uint8Array> => {
    const group = engine[groupOf(list)];
    const own = ownWires(key, list, moved.rest);
    const moves = await Promise.all([
      fixedSum(engine, prepared.bases[list], differences(ownWires(key, list, prepared.open))),
      multiScalar(engine, groupOf(list), pointsOf(key, list, own), differences(own)),
    ]);
    return moves.reduce((sum, point) => group.add(sum, point), prepared.sums[list]);
  };
  const [b2, a, b1, c] = (await Promise.all(LISTS.map(move))) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  return { a, b1, b2, c };
}

function wiresWhere(key: ProvingKey, holds: (wire: number) => boolean): number[] {
  return Array.from({ length: key.wires }, (_, wire) => wire).filter(holds);
}

function differs(witness: Uint8Array, other: Uint8Array, wire: number): boolean {
  for (let i = wire * FIELD_BYTES; i < (wire + 1) * FIELD_BYTES; i++) if (witness[i] !== other[i]) return true;
  return false;
}

function ownWires(key: ProvingKey, list: List, wires: readonly number[]): readonly number[] {
  return wires.filter((wire) => wire >= firstWire(key, list));
}

function pointsOf(key: ProvingKey, list: List, wires: readonly number[]): Uint8Array {
  const { affine } = GROUPS[groupOf(list)];
  const first = firstWire(key, list);
  return join(
    ownWires(key, list, wires).map((wire) => key[list].subarray((wire - first) * affine, (wire - first + 1) * affine)),
  );
}

/** `to − from mod r`, 32 bytes, little-endian. */
function difference(to: bigint, from: bigint): Uint8Array {
  const bytes = new Uint8Array(FIELD_BYTES);
  for (let i = 0, rest = mod(to - from, r); i < FIELD_BYTES; i++, rest >>= 8n) bytes[i] = Number(rest & 255n);
  return bytes;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let position = 0;
  for (const part of parts) {
    joined.set(part, position);
    position += part.length;
  }
  return joined;
}
