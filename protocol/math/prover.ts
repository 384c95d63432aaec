import { decodeNumber } from '../encoding.ts';
import { require } from '../errors.ts';
import type { RandomBytes } from '../random.ts';
import type { Field } from './field.ts';
import { r } from './field.ts';
import { constraintRows } from './constraint-rows.ts';
import { cosetTables } from './coset.ts';
import type { Proof, ProofHead } from './groth16-proof.ts';
import { completeProof, decodeProofHead } from './groth16-proof.ts';
import { multiScalar } from './multi-scalar.ts';
import type { ProvingEngine } from './proving-engine.ts';
import type { ProvingKey } from './proving-key.ts';
import { FIELD_BYTES } from './proving-key.ts';
import { quotient } from './quotient.ts';

/** Σ wire·point of a witness, for the four lists of a proving key. Secret, like the witness. */
export interface WireSums {
  readonly a: Uint8Array;
  readonly b1: Uint8Array;
  readonly b2: Uint8Array;
  readonly c: Uint8Array;
}

/** @throws `proof/witness` if the witness has another length than the circuit's */
export function requireWitness(key: ProvingKey, witness: Uint8Array): void {
  require(witness.length === key.wires * FIELD_BYTES, 'proof/witness', 'the witness is another circuit’s');
}

/** Begins a sum when its turn comes. */
type RunSum = (list: keyof WireSums, sum: () => Promise<Uint8Array>) => Promise<Uint8Array>;

/** The sums of a whole witness. @param witness - 32 bytes a wire, little-endian */
export async function wireSums(
  engine: ProvingEngine,
  key: ProvingKey,
  witness: Uint8Array,
  run: RunSum = (_, sum) => sum(),
): Promise<WireSums> {
  // All at once: the engine's workers share them out; the longest first.
  const [b2, c, a, b1] = await Promise.all([
    run('b2', () => multiScalar(engine, 'G2', key.b2, witness)),
    run('c', () => multiScalar(engine, 'G1', key.c, witness.slice((key.publicSignals + 1) * FIELD_BYTES))),
    run('a', () => multiScalar(engine, 'G1', key.a, witness)),
    run('b1', () => multiScalar(engine, 'G1', key.b1, witness)),
  ]);
  return { a, b1, b2, c };
}

/**
 * A Groth16 proof of `witness`, all at once.
 *
 * @param random - for the two blinding factors, without which a proof would show the witness
 * @returns the strictly decoded proof; it is not checked that `witness` satisfies the circuit
 * @throws `proof/witness` if the witness has another length than the circuit's
 */
export async function proveWitness(
  engine: ProvingEngine,
  key: ProvingKey,
  witness: Uint8Array,
  random: RandomBytes,
): Promise<Proof> {
  requireWitness(key, witness);
  const tables = await cosetTables(engine, key.domain);
  const [h, sums] = await Promise.all([
    constraintRows(engine, key, witness)
      .then((rows) => quotient(engine, tables, rows))
      .then((rows) => multiScalar(engine, 'G1', key.h, rows)),
    wireSums(engine, key, witness),
  ]);
  return assembleProof(engine, blindSums(engine, key, sums, random), h);
}

/** A proof to which only the quotient's part of C is still to be added. */
export interface BlindedSums {
  readonly head: ProofHead;
  /** C without that part, Jacobian. */
  readonly c: Uint8Array;
}

/** Adds key and blinding to the sums of a witness (Groth16, 2016, §3.2). */
export function blindSums(engine: ProvingEngine, key: ProvingKey, sums: WireSums, random: RandomBytes): BlindedSums {
  const { G1, G2, Fr } = engine;
  const [rho, sigma] = [0, 0].map(() => Fr.e(decodeNumber(random(48)) % r)) as [Uint8Array, Uint8Array];
  const a = G1.add(G1.add(sums.a, key.alpha1), G1.timesFr(key.delta1, rho));
  const b2 = G2.add(G2.add(sums.b2, key.beta2), G2.timesFr(key.delta2, sigma));
  const b1 = G1.add(G1.add(sums.b1, key.beta1), G1.timesFr(key.delta1, sigma));
  const blinding = [G1.timesFr(a, sigma), G1.timesFr(b1, rho), G1.timesFr(key.delta1, Fr.neg(Fr.mul(rho, sigma)))];
  const c = blinding.reduce((sum, point) => G1.add(sum, point), sums.c);
  const [ax, ay] = G1.toObject(G1.toAffine(a)) as [bigint, bigint];
  const [bx, by] = G2.toObject(G2.toAffine(b2)) as [[bigint, bigint], [bigint, bigint]];
  return { head: decodeProofHead([ax, ay, bx[1], bx[0], by[1], by[0]]), c };
}

/** The whole proof, strictly decoded. @param h - Σ row·point of the quotient, Jacobian */
export function assembleProof({ G1 }: ProvingEngine, { head, c }: BlindedSums, h: Uint8Array): Proof {
  const [x, y] = G1.toObject(G1.toAffine(G1.add(c, h))) as [bigint, bigint];
  return completeProof(head, [x, y]);
}

/** The first `count` wires after the constant one. */
export function publicWires(witness: Uint8Array, count: number): Field[] {
  return Array.from({ length: count }, (_, i) => wireValue(witness, i + 1) as Field);
}

/** The value of a wire. */
export function wireValue(witness: Uint8Array, wire: number): bigint {
  return decodeNumber(witness.slice(wire * FIELD_BYTES, (wire + 1) * FIELD_BYTES).reverse());
}
