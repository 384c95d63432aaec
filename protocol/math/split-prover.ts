import type { RandomBytes } from '../random.ts';
import { mod, r } from './field.ts';
import type { FixedBases } from './fixed-bases.ts';
import { fixBases, fixedSum } from './fixed-bases.ts';
import type { Proof } from './groth16-proof.ts';
import { multiScalar } from './multi-scalar.ts';
import type { WireSums } from './prover.ts';
import { assembleProof, requireWitness, wireSums, wireValue } from './prover.ts';
import type { GroupName, ProvingEngine } from './proving-engine.ts';
import { GROUPS } from './proving-engine.ts';
import type { ProvingKey } from './proving-key.ts';
import { FIELD_BYTES } from './proving-key.ts';
import { quotient } from './quotient.ts';

/** A circuit's key, made ready for proofs that have to come fast. Public; 20 MB for `ballot-8`. */
export interface PreparedCircuit {
  readonly key: ProvingKey;
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
  /** Wires that are expected to change, ascending, and their points. */
  readonly open: readonly number[];
  readonly bases: Readonly<Record<List, FixedBases>>;
}

function groupOf(list: List): GroupName {
  return list === 'b2' ? 'G2' : 'G1';
}

/** The first wire that a list has a point for. */
function firstWire(key: ProvingKey, list: List): number {
  return list === 'c' ? key.publicSignals + 1 : 0;
}

/** Makes a circuit ready: once for as many proofs as wanted; about as long as two proofs. */
export async function prepareCircuit(engine: ProvingEngine, key: ProvingKey): Promise<PreparedCircuit> {
  return { key, h: await fixBases(engine, 'G1', key.h) };
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
  { key }: PreparedCircuit,
  witness: Uint8Array,
  others: readonly Uint8Array[],
): Promise<PreparedProof> {
  [witness, ...others].forEach((each) => requireWitness(key, each));
  const open = wiresWhere(key, (wire) => others.some((other) => differs(witness, other, wire)));
  const fix = (list: List): Promise<FixedBases> => fixBases(engine, groupOf(list), pointsOf(key, list, open));
  const [sums, b2, a, b1, c] = await Promise.all([
    wireSums(engine, key, witness),
    ...(['b2', 'a', 'b1', 'c'] as const).map(fix),
  ] as const);
  return { witness, sums, open, bases: { a, b1, b2, c } as Record<List, FixedBases> };
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
  { key, h }: PreparedCircuit,
  prepared: PreparedProof,
  witness: Uint8Array,
  random: RandomBytes,
): Promise<Proof> {
  requireWitness(key, witness);
  const [rows, sums] = await Promise.all([quotient(engine, key, witness), movedSums(engine, key, prepared, witness)]);
  return assembleProof(engine, key, sums, await fixedSum(engine, h, rows), random);
}

/** The sums of `witness`, from those of the prepared one. */
async function movedSums(
  engine: ProvingEngine,
  key: ProvingKey,
  prepared: PreparedProof,
  witness: Uint8Array,
): Promise<WireSums> {
  const open = new Set(prepared.open);
  const rest = wiresWhere(key, (wire) => !open.has(wire) && differs(witness, prepared.witness, wire));
  const differences = (wires: readonly number[]): Uint8Array =>
    join(wires.map((wire) => difference(wireValue(witness, wire), wireValue(prepared.witness, wire))));
  const move = async (list: List): Promise<Uint8Array> => {
    const group = engine[groupOf(list)];
    const own = rest.filter((wire) => wire >= firstWire(key, list));
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
