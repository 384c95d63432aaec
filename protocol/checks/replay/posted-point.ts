import type { Hex } from '../../encoding.ts';
import { decodeHex, decodeNumber } from '../../encoding.ts';
import { require } from '../../errors.ts';
import type { Point } from '../../math/curve.ts';
import { isOnCurve } from '../../math/curve.ts';
import type { G1Point } from '../../math/bn254.ts';

/** The two coordinates of a posted point, whatever they are. @throws `encoding/hex` */
export function readPoint(text: Hex): Point {
  const bytes = decodeHex(text, 64);
  return { x: decodeNumber(bytes.subarray(0, 32)), y: decodeNumber(bytes.subarray(32)) };
}

/** The posted point, on the curve. @throws `point/invalid` */
export function readCurvePoint(text: Hex): Point {
  const point = readPoint(text);
  require(isOnCurve(point), 'point/invalid', 'a point is off the curve');
  return point;
}

/** The posted point of BN254's G1, whatever its coordinates. */
export function readG1(text: Hex): G1Point {
  return readPoint(text);
}
