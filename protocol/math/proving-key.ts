import { at, require } from '../errors.ts';

/** A snarkjs proving key (Groth16, BN254), its sections as they lie in the file: points affine, in Montgomery form. */
export interface ProvingKey {
  readonly wires: number;
  readonly publicSignals: number;
  /** Rows of the FFT domain, a power of two. */
  readonly domain: number;
  readonly alpha1: Uint8Array;
  readonly beta1: Uint8Array;
  readonly beta2: Uint8Array;
  readonly delta1: Uint8Array;
  readonly delta2: Uint8Array;
  /** Number of coefficients, then matrix, row, wire and value of each. */
  readonly coefficients: Uint8Array;
  /** A point a wire. */
  readonly a: Uint8Array;
  readonly b1: Uint8Array;
  readonly b2: Uint8Array;
  /** A point a private wire. */
  readonly c: Uint8Array;
  /** A point a row. */
  readonly h: Uint8Array;
}

/** Bytes of a field element, of a point of G1 and of G2. */
export const FIELD_BYTES = 32;
export const G1_BYTES = 64;
export const G2_BYTES = 128;

/**
 * Reads a `.zkey` file. Its bytes are trusted: their hash was compared with the manifest where they were read.
 *
 * @throws `zkey/invalid` if it is no Groth16 key over BN254
 */
export function readProvingKey(zkey: Uint8Array): ProvingKey {
  const view = new DataView(zkey.buffer, zkey.byteOffset, zkey.byteLength);
  const fits = zkey.length > 12 && view.getUint32(0, true) === 0x79656b7a && view.getUint32(4, true) === 1;
  require(fits, 'zkey/invalid', 'not a proving key');
  const sections: Uint8Array[] = [];
  let position = 12;
  while (position + 12 <= zkey.length) {
    const length = Number(view.getBigUint64(position + 4, true));
    sections[view.getUint32(position, true)] = zkey.subarray(position + 12, position + 12 + length);
    position += 12 + length;
  }
  const header = at(sections, 2);
  const numbers = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const groth16 = new DataView(at(sections, 1).buffer, at(sections, 1).byteOffset).getUint32(0, true) === 1;
  const sized = numbers.getUint32(0, true) === FIELD_BYTES && numbers.getUint32(36, true) === FIELD_BYTES;
  require(groth16 && sized, 'zkey/invalid', 'not a Groth16 key over BN254');
  let next = 84;
  const point = (bytes: number): Uint8Array => header.subarray(next, (next += bytes));
  const [alpha1, beta1, beta2] = [point(G1_BYTES), point(G1_BYTES), point(G2_BYTES)];
  point(G2_BYTES); // gamma
  return {
    ...{ wires: numbers.getUint32(72, true), publicSignals: numbers.getUint32(76, true) },
    ...{ domain: numbers.getUint32(80, true), alpha1, beta1, beta2, delta1: point(G1_BYTES), delta2: point(G2_BYTES) },
    ...{ coefficients: at(sections, 4), a: at(sections, 5), b1: at(sections, 6), b2: at(sections, 7) },
    ...{ c: at(sections, 8), h: at(sections, 9) },
  };
}
