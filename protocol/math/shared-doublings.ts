/**
 * `Σ scalars[i]·points[i]` on a curve of noble's, for public scalars below its order: all terms share one chain of doublings, which is most of
 * multiplying each (Strauss; the one importer of noble's `abstract/curve`).
 */
export { mulAddUnsafe as combine } from '@noble/curves/abstract/curve.js';
