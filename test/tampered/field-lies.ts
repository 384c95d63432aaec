import type { Loose } from '../protocol/checks/world/sign.ts';
import type { Forgery } from '../protocol/checks/world/forge.ts';
import { altered, copyOf, reanchor } from '../protocol/checks/world/forge.ts';
import type { World } from '../protocol/checks/world/world.ts';

/** A field of a kind of entry, such as `seal.act.signatures[]`; `[]` is the first item of a list. */
export interface FieldPath {
  readonly kind: string;
  readonly steps: readonly string[];
}

const FRAME = ['seq', 'block', 'time', 'transaction'] as const;
const FIRST = '[]';

/** Its name in the table of fields. */
export function nameOf({ kind, steps }: FieldPath): string {
  const [frame, ...data] = steps;
  const path = (frame === 'data' ? [kind, ...data] : ['entry', ...steps]).join('.');
  return path.replaceAll(`.${FIRST}`, FIRST);
}

/** Every field of every kind that the world's record holds: the leaves of the first entry in which there is one; the frame's of one kind. */
export function fieldsOf({ entries }: World): FieldPath[] {
  const found = new Map<string, FieldPath>();
  for (const { kind, data } of entries) {
    const frame = kind === 'seal' ? FRAME.map((name) => [name]) : [];
    const paths = [...leaves(data).map((steps) => ['data', ...steps]), ...frame];
    for (const steps of paths) {
      const field = { kind, steps };
      if (!found.has(nameOf(field))) found.set(nameOf(field), field);
    }
  }
  return [...found.values()];
}

function leaves(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return value === null ? [] : [[]];
  if (Array.isArray(value)) return value.length === 0 ? [] : leaves(value[0]).map((steps) => [FIRST, ...steps]);
  return Object.entries(value).flatMap(([name, item]) => leaves(item).map((steps) => [name, ...steps]));
}

/**
 * The true record with one field changed, in the first entry that has it, and nothing but the anchor made consistent: what somebody does
 * who holds no key but knows how a record is hashed.
 */
export function withField(world: World, { kind, steps }: FieldPath): Forgery {
  const forgery = copyOf(world);
  const entry = forgery.entries.find((each) => each.kind === kind && leafOf(each, steps) !== undefined);
  if (entry === undefined) throw new Error(`the world has no ${kind}`);
  const last = steps.length - 1;
  const parent = leafOf(entry, steps.slice(0, last)) as Record<string, unknown>;
  const name = keyOf(steps[last] ?? '');
  parent[name] = another(parent[name]);
  if (kind !== 'anchor') reanchor(forgery);
  return forgery;
}

function leafOf(entry: Loose, steps: readonly string[]): unknown {
  return steps.reduce<unknown>(
    (value, step) => (value as Record<string, unknown> | null | undefined)?.[keyOf(step)],
    entry,
  );
}

function keyOf(step: string): string {
  return step === FIRST ? '0' : step;
}

/** Another value of the same form. */
function another(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (value === '0x') return '0xab';
  const text = String(value);
  if (text.startsWith('0x')) return altered(text);
  return OTHER_WORDS[text] ?? 'roll';
}

const OTHER_WORDS: Readonly<Record<string, string>> = {
  ...{ roll: 'tally', open: 'withheld', merged: 'open', empty: 'withheld', withheld: 'empty' },
};
