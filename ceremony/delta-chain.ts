import { createCipheriv, createHash } from 'node:crypto';
import { concatBytes, decodeHex, equalBytes } from '../protocol/encoding.ts';
import type { G1Point, G2Point } from '../protocol/math/bn254.ts';
import { isG1, isG2 } from '../protocol/math/bn254.ts';
import type { CeremonyCurve, Rng } from './phase2.ts';
import type { KeyContribution, KeySetup } from './proving-key.ts';
import { blake2b, publicKeyBytes } from './proving-key.ts';

/**
 * Why δ of a proving key is not what its contributions made of the generator, one sentence each; none if it is.
 *
 * Each contributor shows to know its factor, so that a last one cannot put a δ of its own in the place of all others'. (snarkjs asks
 * for the same equations, but not whether the points it reads are points of the groups.) Says nothing about the rest of the key:
 * that takes constraint system and phase 1.
 */
export async function deltaChainProblems(curve: CeremonyCurve, setup: KeySetup): Promise<string[]> {
  const { contributions, delta1, delta2 } = setup;
  const stray = contributions.findIndex((each) => !areValid(curve, each));
  if (stray >= 0) return [`contribution ${stray + 1} holds a point outside its group`];
  if (!inG1(curve, delta1) || !inG2(curve, delta2)) return ['delta is outside its group'];
  const problems: string[] = [];
  let before = curve.G1.toAffine(curve.G1.g);
  const seen: Uint8Array[] = [decodeHex(setup.circuitHash)];
  for (const [i, contribution] of contributions.entries()) {
    const problem = await contributionProblem(curve, contribution, before, concatBytes(...seen));
    if (problem !== undefined) problems.push(`contribution ${i + 1} ${problem}`);
    seen.push(publicKeyBytes(curve, contribution), contribution.transcript);
    before = contribution.deltaAfter;
  }
  if (!equalBytes(before, delta1)) problems.push('delta is not what the last contribution made');
  const sameDelta = await sameRatio(curve, curve.G1.g, delta1, curve.G2.g, delta2);
  if (!sameDelta) problems.push('delta differs between the two groups');
  return problems;
}

function areValid(curve: CeremonyCurve, { deltaAfter, s, sx, spx }: KeyContribution): boolean {
  return [deltaAfter, s, sx].every((point) => inG1(curve, point)) && inG2(curve, spx);
}

function inG1({ G1 }: CeremonyCurve, point: Uint8Array): boolean {
  const [x, y] = G1.toObject(point) as readonly [bigint, bigint];
  return !G1.isZero(point) && isG1({ x, y } satisfies G1Point);
}

function inG2({ G2 }: CeremonyCurve, point: Uint8Array): boolean {
  const [x, y] = G2.toObject(point) as readonly [G2Point['x'], G2Point['y']];
  return !G2.isZero(point) && isG2({ x, y });
}

async function contributionProblem(
  curve: CeremonyCurve,
  { deltaAfter, s, sx, spx, transcript, beacon }: KeyContribution,
  before: Uint8Array,
  seen: Uint8Array,
): Promise<string | undefined> {
  const { G1, G2 } = curve;
  const expected = blake2b(seen, G1.toUncompressed(s), G1.toUncompressed(sx));
  if (!equalBytes(expected, transcript)) return 'does not follow those before it';
  const sp = G2.fromRng(rngOf(transcript));
  if (!(await sameRatio(curve, s, sx, sp, spx))) return 'does not prove that its factor was known';
  if (!(await sameRatio(curve, before, deltaAfter, sp, spx))) return 'changed delta by another factor than it proves';
  if (beacon !== undefined && !isBeaconKey(curve, s, sx, beacon)) return 'is not what its beacon’s value gives';
  return undefined;
}

function isBeaconKey(
  { Fr, G1 }: CeremonyCurve,
  s: Uint8Array,
  sx: Uint8Array,
  { value, iterationsLog2 }: NonNullable<KeyContribution['beacon']>,
): boolean {
  if (iterationsLog2 > MAX_ITERATIONS_LOG2) return false;
  let hash = decodeHex(value);
  for (let i = 0; i < 2 ** iterationsLog2; i++) hash = Uint8Array.from(createHash('sha256').update(hash).digest());
  const rng = rngOf(hash);
  const factor = Fr.fromRng(rng);
  const expected = G1.toAffine(G1.fromRng(rng));
  return equalBytes(expected, s) && equalBytes(G1.toAffine(G1.timesFr(expected, factor)), sx);
}

/** More hashes than 2^24 take minutes to repeat: a file must not be able to hold up who verifies it. */
export const MAX_ITERATIONS_LOG2 = 24;

/** True if `b = x·a` and `d = x·c` for one x. */
function sameRatio(
  { G1, pairingEq }: CeremonyCurve,
  a: Uint8Array,
  b: Uint8Array,
  c: Uint8Array,
  d: Uint8Array,
): Promise<boolean> {
  return pairingEq(a, d, G1.neg(b), c);
}

/** The numbers that snarkjs draws points from: ChaCha20's key stream, the first eight words of `seed` its key, read big-endian. */
function rngOf(seed: Uint8Array): Rng {
  const key = new Uint8Array(32);
  const from = new DataView(seed.buffer, seed.byteOffset, 32);
  for (let i = 0; i < 8; i++) new DataView(key.buffer).setUint32(4 * i, from.getUint32(4 * i), true);
  const cipher = createCipheriv('chacha20', key, new Uint8Array(16));
  const nextU32 = (): number => cipher.update(new Uint8Array(4)).readUInt32LE(0);
  return {
    nextU64: () => (BigInt(nextU32()) << 32n) + BigInt(nextU32()),
    nextBool: () => (nextU32() & 1) === 1,
  };
}
