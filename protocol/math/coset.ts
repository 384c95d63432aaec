import { at } from '../errors.ts';
import { invert, r } from './field.ts';
import type { EngineTask, ProvingEngine } from './proving-engine.ts';
import { FIELD_BYTES } from './proving-key.ts';

/** What shifting a polynomial's values from a domain to its coset takes; 32 bytes an element, in Montgomery form. */
export interface CosetTables {
  /** Powers of the inverse root, and of the root: half the domain. */
  readonly back: Uint8Array;
  readonly forth: Uint8Array;
  /** g^i / n at place bitreverse(i), g the coset's shift. */
  readonly shifts: Uint8Array;
}

const tables = new Map<number, Promise<CosetTables>>();

/** first·step^i for i < count. */
async function powers(
  { Fr, tm }: ProvingEngine,
  count: number,
  first: Uint8Array,
  step: Uint8Array,
): Promise<Uint8Array> {
  const ones = new Uint8Array(count * FIELD_BYTES);
  for (let i = 0; i < count; i++) ones.set(Fr.e(1n), i * FIELD_BYTES);
  const [result] = await tm.queueAction([
    { cmd: 'ALLOCSET', var: 0, buff: ones },
    { cmd: 'ALLOCSET', var: 1, buff: first },
    { cmd: 'ALLOCSET', var: 2, buff: step },
    {
      cmd: 'CALL',
      fnName: 'frm_batchApplyKey',
      params: [{ var: 0 }, { val: count }, { var: 1 }, { var: 2 }, { var: 0 }],
    },
    { cmd: 'GET', out: 0, var: 0, len: ones.length },
  ]);
  return at([result], 0) as Uint8Array;
}

async function makeTables(engine: ProvingEngine, domain: number): Promise<CosetTables> {
  const { Fr } = engine;
  const bits = Math.log2(domain);
  const [root, shift] = [at(Fr.w, bits), at(Fr.w, bits + 1)];
  const [forth, inverses, natural] = await Promise.all([
    powers(engine, domain / 2, Fr.e(1n), root),
    powers(engine, domain / 2, Fr.e(1n), Fr.inv(root)),
    powers(engine, domain, Fr.e(invert(BigInt(domain), r)), shift),
  ]);
  const shifts = new Uint8Array(natural.length);
  for (let i = 0; i < domain; i++) {
    let reversed = 0;
    for (let bit = 0; bit < bits; bit++) reversed |= ((i >> bit) & 1) << (bits - 1 - bit);
    shifts.set(natural.subarray(i * FIELD_BYTES, (i + 1) * FIELD_BYTES), reversed * FIELD_BYTES);
  }
  return { back: inverses, forth, shifts };
}

/** The tables of a domain, made once. @param domain - how many values; a power of two */
export function cosetTables(engine: ProvingEngine, domain: number): Promise<CosetTables> {
  let made = tables.get(domain);
  if (made === undefined) tables.set(domain, (made = makeTables(engine, domain)));
  return made;
}

/**
 * From a polynomial's values on a domain to its values on the coset by the next root of unity.
 *
 * @param values - 32 bytes each, in Montgomery form; as many as the tables are for
 */
export async function shiftToCoset(
  engine: ProvingEngine,
  { back, forth, shifts }: CosetTables,
  values: Uint8Array,
): Promise<Uint8Array> {
  const domain = values.length / FIELD_BYTES;
  const call = (fnName: string, table: number): Record<string, unknown> => ({
    ...{ cmd: 'CALL', fnName },
    params: [{ var: 0 }, { val: domain }, { var: table }],
  });
  const task: EngineTask = [
    ...[values, back, shifts, forth].map((buff, i) => ({ cmd: 'ALLOCSET', var: i, buff })),
    call('frm_toReversed', 1),
    call('frm_scaleEach', 2),
    call('frm_fromReversed', 3),
    { cmd: 'GET', out: 0, var: 0, len: values.length },
  ];
  const [shifted] = await engine.tm.queueAction(task);
  return at([shifted], 0) as Uint8Array;
}
