import { bn254 } from '@noble/curves/bn254.js';
import { p, r } from '../../../protocol/math/field.ts';

type TwistPoint = ReturnType<typeof bn254.G2.Point.fromAffine>;

/** Points on the twist beside those of G2. */
export const COFACTOR = 2n * p - r;
export const SMALL_PRIME = 10069n;

/** k·P by doubling and adding, also for k above the group order and points outside the subgroup. */
export function times(point: TwistPoint, k: bigint): TwistPoint {
  let [sum, power] = [bn254.G2.Point.ZERO, point];
  for (let rest = k; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) sum = sum.add(power);
    power = power.double();
  }
  return sum;
}

/** A point of the twist outside the order-r subgroup: the first x = (n, 1) whose right side is a square. */
export function pointOutsideSubgroup(): TwistPoint {
  const { Fp2 } = bn254.fields;
  for (let n = 1n; ; n++) {
    const x = { c0: n, c1: 1n };
    try {
      const y = Fp2.sqrt(Fp2.add(Fp2.mul(Fp2.sqr(x), x), bn254.G2.Point.CURVE().b));
      return bn254.G2.Point.fromAffine({ x, y });
    } catch {
      continue;
    }
  }
}

/** A point of order 10069, the smallest prime factor of the cofactor. */
export function pointOfSmallOrder(): TwistPoint {
  return times(pointOutsideSubgroup(), (COFACTOR / SMALL_PRIME) * r);
}

/** The four words `x1 x0 y1 y0` of a twist point. */
export function twistWords(point: TwistPoint): bigint[] {
  const { x, y } = point.toAffine();
  return [x.c1, x.c0, y.c1, y.c0];
}

/** The twist point of words 2…5 of a proof. */
export function pointOfWords(words: readonly bigint[]): TwistPoint {
  return bn254.G2.Point.fromAffine({ x: { c0: words[3]!, c1: words[2]! }, y: { c0: words[5]!, c1: words[4]! } });
}
