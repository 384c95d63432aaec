import type { Code, CodeBuilder, ModuleBuilder } from './wasm-builder.ts';
import { downTo0 } from './wasm-builder.ts';

const BYTES = 32;

/**
 * Adds to ffjavascript's BN254 Fourier transforms over its scalar field that read the powers of the root from a table and leave the
 * order of their values reversed in between: half the multiplications of the engine's own.
 *
 * `frm_toReversed(values, n, roots)` gives Σ x_j·w^(jk) at place bitreverse(k) (Gentleman–Sande), `frm_fromReversed` takes values in that
 * order and gives them back in the natural one (Cooley–Tukey); `roots` holds w^0 … w^(n/2−1). `frm_scaleEach(values, n, factors)`
 * multiplies place by place.
 */
export function addTransforms(module: ModuleBuilder): void {
  addTransform(module, 'frm_toReversed', false);
  addTransform(module, 'frm_fromReversed', true);
  addScaleEach(module);
}

/** All layers of a transform; `upwards`: from neighbours to halves, the factor before the sum. */
function addTransform(module: ModuleBuilder, name: string, upwards: boolean): void {
  const f = module.addFunction(name);
  for (const parameter of ['values', 'n', 'roots']) f.addParam(parameter, 'i32');
  // `half` is in bytes, the distance of two values that meet; `stride` the distance of two roots of a layer.
  for (const local of ['half', 'stride', 'blocks', 'left', 'x', 'y', 'root']) f.addLocal(local, 'i32');
  const c = f.getCodeBuilder();
  const get = (local: string): Code => c.getLocal(local);
  const all = c.i32_mul(get('n'), c.i32_const(BYTES));
  const one = c.i32_const(1);
  const start = upwards
    ? [c.setLocal('half', c.i32_const(BYTES)), c.setLocal('stride', c.i32_shr_u(all, one))]
    : [c.setLocal('half', c.i32_shr_u(all, one)), c.setLocal('stride', c.i32_const(BYTES))];
  const next = upwards
    ? [c.setLocal('half', c.i32_shl(get('half'), one)), c.setLocal('stride', c.i32_shr_u(get('stride'), one))]
    : [c.setLocal('half', c.i32_shr_u(get('half'), one)), c.setLocal('stride', c.i32_shl(get('stride'), one))];
  const done = upwards ? c.i32_eq(get('half'), all) : c.i32_eq(get('half'), c.i32_const(BYTES / 2));
  const layer = blocks(c, butterfly(c, c.i32_const(module.alloc(BYTES)), upwards));
  f.addCode(...start, c.block(c.loop(c.br_if(1, done), layer, ...next, c.br(0))));
  module.exportFunction(name);
}

/** One layer: `butterfly` for all pairs of all blocks. */
function blocks(c: CodeBuilder, butterfly: Code): Code {
  const get = (local: string): Code => c.getLocal(local);
  const move = (local: string, by: Code): Code => c.setLocal(local, c.i32_add(get(local), by));
  const pairsLeft = c.i32_shr_u(get('half'), c.i32_const(5));
  return [
    ...c.setLocal('x', get('values')),
    ...c.setLocal('blocks', c.i32_shr_u(get('stride'), c.i32_const(5))),
    ...downTo0(
      c,
      'blocks',
      c.setLocal('root', get('roots')),
      c.setLocal('left', pairsLeft),
      downTo0(
        c,
        'left',
        c.setLocal('y', c.i32_add(get('x'), get('half'))),
        butterfly,
        move('x', c.i32_const(BYTES)),
        move('root', get('stride')),
      ),
      move('x', get('half')),
    ),
  ];
}

function butterfly(c: CodeBuilder, spare: Code, upwards: boolean): Code {
  const op = (name: string, ...args: Code[]): Code => c.call(`frm_${name}`, ...args);
  const [x, y, root] = [c.getLocal('x'), c.getLocal('y'), c.getLocal('root')];
  return upwards
    ? [...op('mul', y, root, spare), ...op('sub', x, spare, y), ...op('add', x, spare, x)]
    : [...op('sub', x, y, spare), ...op('add', x, y, x), ...op('mul', spare, root, y)];
}

function addScaleEach(module: ModuleBuilder): void {
  const f = module.addFunction('frm_scaleEach');
  for (const parameter of ['values', 'n', 'factors']) f.addParam(parameter, 'i32');
  const c = f.getCodeBuilder();
  const move = (name: string): Code => c.setLocal(name, c.i32_add(c.getLocal(name), c.i32_const(BYTES)));
  const [values, factors] = [c.getLocal('values'), c.getLocal('factors')];
  f.addCode(downTo0(c, 'n', c.call('frm_mul', values, factors, values), move('values'), move('factors')));
  module.exportFunction('frm_scaleEach');
}
