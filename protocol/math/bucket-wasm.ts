import type { Code, CodeBuilder, ModuleBuilder } from './wasm-builder.ts';
import { downTo0 } from './wasm-builder.ts';

/** A group: prefixes of its functions and of its field's, and bytes of a coordinate. */
interface Curve {
  readonly group: string;
  readonly field: string;
  readonly bytes: number;
}

/**
 * Adds to ffjavascript's BN254 what it lacks for fast sums of many points: additions of affine points that share one inversion,
 * six multiplications each instead of eleven. A plugin of ffjavascript's `buildBn128`; runs where its WASM runs.
 *
 * A *reference* is the offset of an affine point from a base address; its lowest bit says that the point is meant negated.
 */
export function addBucketFunctions(module: ModuleBuilder): void {
  for (const curve of [
    { group: 'g1m', field: 'f1m', bytes: 32 },
    { group: 'g2m', field: 'f2m', bytes: 64 },
  ]) {
    addBatchAdd(module, curve);
    addReduceBuckets(module, curve);
  }
}

function addReference(c: CodeBuilder, from: Code): Code {
  return c.i32_add(c.getLocal('base'), c.i32_and(from, c.i32_const(-2)));
}

/** What both passes of a batch of additions are written with. */
interface BatchAdd {
  readonly c: CodeBuilder;
  readonly bytes: number;
  readonly get: (name: string) => Code;
  readonly op: (name: string, ...args: Code[]) => Code;
  readonly move: (name: string, by: number) => Code;
  readonly loadPair: Code;
}

/**
 * `<group>_batchAdd(pairs, n, base, result, scratch, flag)`: the sum of each pair of references, affine, n at `result`.
 * `scratch` takes 2n + 1 coordinates. Where two points have the same x, the word at `flag` is set to 1 and nothing is added:
 * such points need another formula, and do not occur among points whose logarithms nobody knows.
 */
function addBatchAdd(module: ModuleBuilder, { group, field, bytes }: Curve): void {
  const f = module.addFunction(`${group}_batchAdd`);
  for (const name of ['pairs', 'n', 'base', 'result', 'scratch', 'flag']) f.addParam(name, 'i32');
  for (const name of ['i', 'a', 'b', 'ya', 'yb', 'pair', 'product', 'difference', 'sum']) f.addLocal(name, 'i32');
  const c = f.getCodeBuilder();
  const get = (name: string): Code => c.getLocal(name);
  const batch: BatchAdd = {
    c,
    bytes,
    get,
    op: (name, ...args) => c.call(`${field}_${name}`, ...args),
    move: (name, by) => c.setLocal(name, c.i32_add(get(name), c.i32_const(by))),
    loadPair: [
      ...c.setLocal('a', addReference(c, c.i32_load(get('pair')))),
      ...c.setLocal('b', addReference(c, c.i32_load(c.i32_add(get('pair'), c.i32_const(4))))),
    ],
  };
  const spare = (): Code => c.i32_const(module.alloc(bytes));
  const inverse = spare();
  f.addCode(
    ...multiplyDifferences(batch),
    batch.op('inverse', get('product'), inverse),
    ...addPairs(batch, inverse, [spare(), spare(), spare(), spare()]),
  );
  module.exportFunction(`${group}_batchAdd`);
}

/** First pass: the differences of x, and their running products. */
function multiplyDifferences({ c, bytes, get, op, move, loadPair }: BatchAdd): Code[] {
  const behindProducts = c.i32_mul(c.i32_add(get('n'), c.i32_const(1)), c.i32_const(bytes));
  return [
    c.setLocal('product', get('scratch')),
    c.setLocal('difference', c.i32_add(get('scratch'), behindProducts)),
    c.setLocal('pair', get('pairs')),
    op('one', get('product')),
    c.setLocal('i', get('n')),
    downTo0(
      c,
      'i',
      loadPair,
      op('sub', get('b'), get('a'), get('difference')),
      c.if(op('isZero', get('difference')), [...c.i32_store(get('flag'), c.i32_const(1)), ...c.ret([])]),
      op('mul', get('product'), get('difference'), c.i32_add(get('product'), c.i32_const(bytes))),
      move('product', bytes),
      move('difference', bytes),
      move('pair', 8),
    ),
  ];
}

/** Second pass, backwards: the inverse of each difference, the slope, the sum. */
function addPairs(batch: BatchAdd, inverse: Code, [slope, spare, minusA, minusB]: [Code, Code, Code, Code]): Code[] {
  const { c, bytes, get, op, move, loadPair } = batch;
  const signedY = (point: string, y: string, offset: number, negated: Code): Code => {
    const plain = c.i32_add(get(point), c.i32_const(bytes));
    const negative = c.i32_and(c.i32_load(c.i32_add(get('pair'), c.i32_const(offset))), c.i32_const(1));
    return [...c.setLocal(y, plain), ...c.if(negative, [...op('neg', plain, negated), ...c.setLocal(y, negated)])];
  };
  return [
    c.setLocal('sum', c.i32_add(get('result'), c.i32_mul(get('n'), c.i32_const(2 * bytes)))),
    c.setLocal('i', get('n')),
    downTo0(
      c,
      'i',
      move('product', -bytes),
      move('difference', -bytes),
      move('pair', -8),
      move('sum', -2 * bytes),
      loadPair,
      op('mul', inverse, get('product'), spare),
      op('mul', inverse, get('difference'), inverse),
      signedY('a', 'ya', 0, minusA),
      signedY('b', 'yb', 4, minusB),
      op('sub', get('yb'), get('ya'), slope),
      op('mul', slope, spare, slope),
      op('square', slope, get('sum')),
      op('sub', get('sum'), get('a'), get('sum')),
      op('sub', get('sum'), get('b'), get('sum')),
      op('sub', get('a'), get('sum'), spare),
      op('mul', spare, slope, spare),
      op('sub', spare, get('ya'), c.i32_add(get('sum'), c.i32_const(bytes))),
    ),
  ];
}

/**
 * `<group>_reduceBuckets(references, n, base, result)`: Σ i·P_i over i = 1..n, Jacobian, where the i-th reference is P_i's, or −1 for O.
 */
function addReduceBuckets(module: ModuleBuilder, { group, bytes }: Curve): void {
  const f = module.addFunction(`${group}_reduceBuckets`);
  for (const name of ['references', 'n', 'base', 'result']) f.addParam(name, 'i32');
  for (const name of ['reference', 'point']) f.addLocal(name, 'i32');
  const c = f.getCodeBuilder();
  const [running, negated] = [c.i32_const(module.alloc(3 * bytes)), c.i32_const(module.alloc(2 * bytes))];
  const get = (name: string): Code => c.getLocal(name);
  const op = (name: string, ...args: Code[]): Code => c.call(`${group}_${name}`, ...args);
  const addPoint: Code = [
    ...c.setLocal('point', addReference(c, get('reference'))),
    ...c.if(c.i32_and(get('reference'), c.i32_const(1)), [
      ...op('negAffine', get('point'), negated),
      ...c.setLocal('point', negated),
    ]),
    ...op('addMixed', running, get('point'), running),
  ];
  f.addCode(
    op('zero', running),
    op('zero', get('result')),
    downTo0(
      c,
      'n',
      c.setLocal('reference', c.i32_load(c.i32_add(get('references'), c.i32_mul(get('n'), c.i32_const(4))))),
      c.if(c.i32_ge_s(get('reference'), c.i32_const(0)), addPoint),
      op('add', get('result'), running, get('result')),
    ),
  );
  module.exportFunction(`${group}_reduceBuckets`);
}
