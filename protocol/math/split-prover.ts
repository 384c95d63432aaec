import { decodeNumber } from '../encoding.ts';
import { require } from '../errors.ts';
import type { RandomBytes } from '../random.ts';
import type { Field } from './field.ts';
import { mod, r } from './field.ts';
import type { Proof } from './groth16-proof.ts';
import { decodeProof } from './groth16-proof.ts';
import type { Group, ProvingEngine } from './groth16.ts';
import type { ProvingKey } from './proving-key.ts';
import { FIELD_BYTES, G1_BYTES, G2_BYTES } from './proving-key.ts';
import { quotient } from './quotient.ts';

/**
 * Σ wire·point of a witness, for the four lists of a proving key: nearly all of a proof's work, and linear in the
 * witness. Secret, like the witness.
 */
export interface PreparedProof {
  readonly witness: Uint8Array;
  readonly a: Uint8Array;
  readonly b1: Uint8Array;
  readonly b2: Uint8Array;
  readonly c: Uint8Array;
}

/** The sums of a whole witness. @param witness - 32 bytes a wire, little-endian */
export async function prepareProof(
  engine: ProvingEngine,
  key: ProvingKey,
  witness: Uint8Array,
): Promise<PreparedProof> {
  require(witness.length === key.wires * FIELD_BYTES, 'proof/witness', 'the witness is another circuit’s');
  const { G1, G2 } = engine;
  const own = witness.slice((key.publicSignals + 1) * FIELD_BYTES);
  // All at once: the engine's workers share them out.
  const [a, b1, b2, c] = await Promise.all([
    G1.multiExpAffine(key.a, witness),
    G1.multiExpAffine(key.b1, witness),
    G2.multiExpAffine(key.b2, witness),
    G1.multiExpAffine(key.c, own),
  ]);
  return { witness, a, b1, b2, c };
}

/** Σ row·point of the quotient polynomial. */
async function quotientSum(engine: ProvingEngine, key: ProvingKey, witness: Uint8Array): Promise<Uint8Array> {
  return engine.G1.multiExpAffine(key.h, await quotient(engine, key, witness));
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
  const [h, sums] = await Promise.all([quotientSum(engine, key, witness), prepareProof(engine, key, witness)]);
  return assemble(engine, key, sums, h, random);
}

/** The sums of another witness, from those of one that differs in few wires: the voter's choice changes a few hundred. */
async function updateSums(
  engine: ProvingEngine,
  key: ProvingKey,
  prepared: PreparedProof,
  witness: Uint8Array,
): Promise<PreparedProof> {
  const wire = (bytes: Uint8Array, i: number): Uint8Array => bytes.subarray(i * FIELD_BYTES, (i + 1) * FIELD_BYTES);
  const changed = Array.from({ length: key.wires }, (_, i) => i).filter((i) =>
    wire(witness, i).some((byte, k) => byte !== wire(prepared.witness, i)[k]),
  );
  const difference = (i: number): Uint8Array =>
    littleEndian(mod(fromLittleEndian(wire(witness, i)) - fromLittleEndian(wire(prepared.witness, i)), r));
  const move = async (group: Group, sum: Uint8Array, points: Uint8Array, size: number, first: number) => {
    const wires = changed.filter((i) => i >= first);
    const bases = join(wires.map((i) => points.subarray((i - first) * size, (i - first + 1) * size)));
    return wires.length === 0 ? sum : group.add(sum, await group.multiExpAffine(bases, join(wires.map(difference))));
  };
  const { G1, G2 } = engine;
  return {
    witness,
    a: await move(G1, prepared.a, key.a, G1_BYTES, 0),
    b1: await move(G1, prepared.b1, key.b1, G1_BYTES, 0),
    b2: await move(G2, prepared.b2, key.b2, G2_BYTES, 0),
    c: await move(G1, prepared.c, key.c, G1_BYTES, key.publicSignals + 1),
  };
}

/**
 * A Groth16 proof of `witness`, from sums that were prepared for this witness or for a similar one: what is left is the
 * quotient polynomial and the wires that differ (SPEC §10.9).
 *
 * @param random - for the two blinding factors, without which a proof would show the witness
 * @returns the strictly decoded proof; it is not checked that `witness` satisfies the circuit
 */
export async function finishProof(
  engine: ProvingEngine,
  key: ProvingKey,
  prepared: PreparedProof,
  witness: Uint8Array,
  random: RandomBytes,
): Promise<Proof> {
  require(witness.length === prepared.witness.length, 'proof/witness', 'the witness is another circuit’s');
  const [h, sums] = await Promise.all([quotientSum(engine, key, witness), updateSums(engine, key, prepared, witness)]);
  return assemble(engine, key, sums, h, random);
}

/** Adds key and blinding to the sums of a witness (Groth16, 2016, §3.2). */
function assemble(
  engine: ProvingEngine,
  key: ProvingKey,
  sums: PreparedProof,
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
  return Array.from(
    { length: count },
    (_, i) => fromLittleEndian(witness.subarray((i + 1) * FIELD_BYTES, (i + 2) * FIELD_BYTES)) as Field,
  );
}

function fromLittleEndian(bytes: Uint8Array): bigint {
  return decodeNumber(Uint8Array.from(bytes).reverse());
}

function littleEndian(value: bigint): Uint8Array {
  const bytes = new Uint8Array(FIELD_BYTES);
  for (let i = 0, rest = value; i < FIELD_BYTES; i++, rest >>= 8n) bytes[i] = Number(rest & 255n);
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
