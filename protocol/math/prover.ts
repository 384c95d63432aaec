import { decodeNumber } from '../encoding.ts';
import { require } from '../errors.ts';
import type { RandomBytes } from '../random.ts';
import type { Field } from './field.ts';
import { r } from './field.ts';
import type { Proof } from './groth16-proof.ts';
import { decodeProof } from './groth16-proof.ts';
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

/** The sums of a whole witness. @param witness - 32 bytes a wire, little-endian */
export async function wireSums(engine: ProvingEngine, key: ProvingKey, witness: Uint8Array): Promise<WireSums> {
  // All at once: the engine's workers share them out; the longest first.
  const [b2, c, a, b1] = await Promise.all([
    multiScalar(engine, 'G2', key.b2, witness),
    multiScalar(engine, 'G1', key.c, witness.slice((key.publicSignals + 1) * FIELD_BYTES)),
    multiScalar(engine, 'G1', key.a, witness),
    multiScalar(engine, 'G1', key.b1, witness),
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
  const [h, sums] = await Promise.all([
    quotient(engine, key, witness).then((rows) => multiScalar(engine, 'G1', key.h, rows)),
    wireSums(engine, key, witness),
  ]);
  return assembleProof(engine, key, sums, h, random);
}

/** Adds key and blinding to the sums of a witness (Groth16, 2016, §3.2). @param h - Σ row·point of the quotient */
export function assembleProof(
  engine: ProvingEngine,
  key: ProvingKey,
  sums: WireSums,
  h: Uint8Array,
  random: RandomBytes,
): Proof {
  const { G1, G2, Fr } = engine;
  const [rho, sigma] = [0, 0].map(() => Fr.e(decodeNumber(random(48)) % r)) as [Uint8Array, Uint8Array];
  const a = G1.add(G1.add(sums.a, key.alpha1), G1.timesFr(key.delta1, rho));
  const b2 = G2.add(G2.add(sums.b2, key.beta2), G2.timesFr(key.delta2, sigma));
  const b1 = G1.add(G1.add(sums.b1, key.beta1), G1.timesFr(key.delta1, sigma));
  const blinding = [G1.timesFr(a, sigma), G1.timesFr(b1, rho), G1.timesFr(key.delta1, Fr.neg(Fr.mul(rho, sigma)))];
  const c = blinding.reduce((sum, point) => G1.add(sum, point), G1.add(sums.c, h));
  const [ax, ay] = G1.toObject(G1.toAffine(a)) as [bigint, bigint];
  const [bx, by] = G2.toObject(G2.toAffine(b2)) as [[bigint, bigint], [bigint, bigint]];
  const [cx, cy] = G1.toObject(G1.toAffine(c)) as [bigint, bigint];
  return decodeProof([ax, ay, bx[1], bx[0], by[1], by[0], cx, cy]);
}

/** The first `count` wires after the constant one. */
export function publicWires(witness: Uint8Array, count: number): Field[] {
  return Array.from({ length: count }, (_, i) => wireValue(witness, i + 1) as Field);
}

/** The value of a wire. */
export function wireValue(witness: Uint8Array, wire: number): bigint {
  return decodeNumber(witness.slice(wire * FIELD_BYTES, (wire + 1) * FIELD_BYTES).reverse());
}
