import { at } from '../../errors.ts';
import type { Point } from '../../math/curve.ts';
import { add, isIdentity, multiplyPublic, negate } from '../../math/curve.ts';
import { invert, mod, r } from '../../math/field.ts';

// The sweep works on the Montgomery model v² = u³ + A·u² + u of BabyJubJub (EIP-2494), where P and −P share u and an
// affine addition costs one inversion. All inversions of a block are made as one, and one inverse serves C + iS and C − iS.
const A = 168698n;
/** Stands for the neutral element, which has no u. */
export const NO_U = -1n;

interface Montgomery {
  readonly u: bigint;
  readonly v: bigint;
}

/** @param point - of the prime subgroup, not O */
function toMontgomery({ x, y }: Point): Montgomery {
  const both = invert((r + 1n - y) * x, r);
  const u = ((((1n + y) * both) % r) * x) % r;
  return { u, v: (u * (((r + 1n - y) * both) % r)) % r };
}

/** The u coordinate of a point of the prime subgroup, or {@link NO_U} for O; equal for P and −P. */
export function uOf(point: Point): bigint {
  return isIdentity(point) ? NO_U : mod((1n + point.y) * invert(1n - point.y, r), r);
}

/** `i·step` for i = 1..width, ready for sweeps with this step. */
export interface Window {
  readonly step: Point;
  readonly u: readonly bigint[];
  readonly v: readonly bigint[];
}

/** @param step - of the prime subgroup, not O @param count - length of the sweeps it is for */
export function makeWindow(step: Point, count: number): Window {
  const width = Math.max(1, Math.min(512, Math.ceil(Math.sqrt(count / 2))));
  const u: bigint[] = [];
  const v: bigint[] = [];
  let point = step;
  for (let i = 1; i <= width; i++) {
    const affine = toMontgomery(point);
    u.push(affine.u);
    v.push(affine.v);
    point = add(point, step);
  }
  return { step, u, v };
}

/** Called with the u of `start + index·step`; true ends the sweep. */
export type Visit = (u: bigint, index: number) => boolean;

/**
 * Visits the u coordinates of `start + index·step` for every index in 0..count−1 (in an order of its own).
 * About 3.5 multiplications mod r a point.
 *
 * @param onBlock - called after each block with the number of indices done
 * @returns whether a visit ended the sweep
 */
export function sweep(
  start: Point,
  window: Window,
  count: number,
  visit: Visit,
  onBlock?: (done: number) => void,
): boolean {
  const width = window.u.length;
  const block = 2 * width + 1;
  const stride = multiplyPublic(window.step, BigInt(block));
  let center = add(start, multiplyPublic(window.step, BigInt(width)));
  for (let middle = width; middle - width < count; middle += block) {
    if (middle < count && visit(uOf(center), middle)) return true;
    if (sweepBlock(center, middle, window, count, visit)) return true;
    onBlock?.(Math.min(count, middle + width + 1));
    center = add(center, stride);
  }
  return false;
}

/** Visits `center ± i·step`, which have the indices `middle ± i`. */
function sweepBlock(center: Point, middle: number, window: Window, count: number, visit: Visit): boolean {
  const { u: us, v: vs } = window;
  if (isIdentity(center)) return sweepSlowly(center, middle, window, count, visit);
  const { u: cu, v: cv } = toMontgomery(center);
  const prefixes: bigint[] = [];
  let product = 1n;
  for (const u of us) {
    // center = ±i·step: no slope.
    if (u === cu) return sweepSlowly(center, middle, window, count, visit);
    prefixes.push(product);
    product = (product * (u - cu)) % r;
  }
  let inverse = invert(product, r);
  for (let i = us.length - 1; i >= 0; i--) {
    const [u, v] = [at(us, i), at(vs, i)];
    const slopeDivisor = (inverse * at(prefixes, i)) % r;
    inverse = (inverse * (u - cu)) % r;
    const rest = 3n * r - A - u - cu;
    const above = ((v - cv) * slopeDivisor) % r;
    const below = ((v + cv) * slopeDivisor) % r;
    const offset = i + 1;
    if (middle + offset < count && visit((above * above + rest) % r, middle + offset)) return true;
    if (middle - offset < count && visit((below * below + rest) % r, middle - offset)) return true;
  }
  return false;
}

function sweepSlowly(center: Point, middle: number, window: Window, count: number, visit: Visit): boolean {
  let [above, below] = [center, center];
  const back = negate(window.step);
  for (let offset = 1; offset <= window.u.length; offset++) {
    above = add(above, window.step);
    below = add(below, back);
    if (middle + offset < count && visit(uOf(above), middle + offset)) return true;
    if (middle - offset < count && visit(uOf(below), middle - offset)) return true;
  }
  return false;
}
