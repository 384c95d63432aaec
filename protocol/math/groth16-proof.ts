import type { Hex } from '../encoding.ts';
import { concatBytes, decodeHex, decodeNumber, encodeHex, encodeWord } from '../encoding.ts';
import { at, require } from '../errors.ts';
import type { G1Point, G2Point } from './bn254.ts';
import { isG1, isG2 } from './bn254.ts';
import { p } from './field.ts';

declare const proofBrand: unique symbol;

/**
 * A Groth16 proof: eight words in the precompile's order (EIP-197: the imaginary part first),
 * `A.x A.y B.x1 B.x0 B.y1 B.y0 C.x C.y` (SPEC §11).
 */
export type Proof = readonly bigint[] & { readonly [proofBrand]: true };

/** Words in a proof. */
export const PROOF_WORDS = 8;

/** A, B and C of eight words in the precompile's order. */
export function proofPoints(words: readonly bigint[]): { a: G1Point; b: G2Point; c: G1Point } {
  return {
    a: { x: at(words, 0), y: at(words, 1) },
    b: { x: [at(words, 3), at(words, 2)], y: [at(words, 5), at(words, 4)] },
    c: { x: at(words, 6), y: at(words, 7) },
  };
}

/**
 * The proof in these words, as strict as the precompile: canonical coordinates, A and C on the curve, B in the subgroup.
 * The neutral element is refused (the precompile's (0, 0)): no honest prover can meet it.
 *
 * @throws `proof/words` wrong number, `proof/coordinate` a coordinate ≥ p, `proof/point` a point outside its group
 */
export function decodeProof(words: readonly bigint[]): Proof {
  requireCoordinates(words, PROOF_WORDS);
  return completeProof(decodeProofHead(words.slice(0, 6)), words.slice(6));
}

function requireCoordinates(words: readonly bigint[], count: number): readonly bigint[] {
  require(words.length === count, 'proof/words', `a proof has ${PROOF_WORDS} words, got ${words.length}`);
  require(words.every(
    (word) => word >= 0n && word < p,
  ), 'proof/coordinate', 'a proof coordinate is not below the base field order');
  return words;
}

declare const headBrand: unique symbol;

/** A and B of a proof, the first six of its words: what is known while C is still being added up. */
export type ProofHead = readonly bigint[] & { readonly [headBrand]: true };

/** As strict as {@link decodeProof}, and nearly all of its work. @throws as {@link decodeProof} */
export function decodeProofHead(words: readonly bigint[]): ProofHead {
  const { a, b } = proofPoints([...requireCoordinates(words, 6), 0n, 0n]);
  require(isG1(a) && isG2(b), 'proof/point', 'a proof point is outside its group');
  return [...words] as unknown as ProofHead;
}

/** The proof of a head and the two words of C. @throws as {@link decodeProof} */
export function completeProof(head: ProofHead, c: readonly bigint[]): Proof {
  const words = [...head, ...requireCoordinates(c, 2)];
  require(isG1(proofPoints(words).c), 'proof/point', 'a proof point is outside its group');
  return words as unknown as Proof;
}

/** The proof as `0x` hex of 256 bytes. */
export function encodeProofHex(proof: Proof): Hex {
  return encodeHex(concatBytes(...proof.map(encodeWord)));
}

/** Strict inverse of {@link encodeProofHex}. @throws `encoding/hex` and the codes of {@link decodeProof} */
export function decodeProofHex(text: unknown): Proof {
  const bytes = decodeHex(text, PROOF_WORDS * 32);
  return decodeProof(Array.from({ length: PROOF_WORDS }, (_, i) => decodeNumber(bytes.subarray(i * 32, (i + 1) * 32))));
}
