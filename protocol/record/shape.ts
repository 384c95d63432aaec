import type { Hex } from '../encoding.ts';
import { UrnaError, require } from '../errors.ts';

/**
 * A shape of JSON: a strict reader and its JSON Schema, so that types, decoder and schema come from one table.
 * What it reads it returns unchanged: entries keep their JSON form, and checks decode points and numbers where they use them.
 */
export interface Shape<T> {
  /** @throws `record/shape` naming `path` */
  readonly read: (value: unknown, path: string) => T;
  readonly schema: Readonly<Record<string, unknown>>;
}

/** The TypeScript type of a shape. */
export type Shaped<S> = S extends Shape<infer T> ? T : never;

function refuse(path: string, expected: string): never {
  throw new UrnaError('record/shape', `${path}: expected ${expected}`);
}

function matching(pattern: RegExp, expected: string): Shape<Hex> {
  return {
    read: (value, path) => (typeof value === 'string' && pattern.test(value) ? (value as Hex) : refuse(path, expected)),
    schema: { type: 'string', pattern: pattern.source },
  };
}

/** A string that matches; @param expected - what it is, for people */
export function text(pattern: RegExp, expected: string): Shape<string> {
  return {
    read: (value, path) => (typeof value === 'string' && pattern.test(value) ? value : refuse(path, expected)),
    schema: { type: 'string', pattern: pattern.source },
  };
}

/** This value and no other. */
export function constant<const T extends string | number>(only: T): Shape<T> {
  return {
    read: (value, path) => (value === only ? only : refuse(path, JSON.stringify(only))),
    schema: { const: only },
  };
}

/** `0x` hex of exactly `length` bytes (SPEC §1.2). */
export function bytes(length: number): Shape<Hex> {
  return matching(new RegExp(`^0x[0-9a-f]{${length * 2}}$`), `0x and ${length * 2} lower-case hex digits`);
}

/** `0x` hex of any number of bytes. */
export const anyBytes = matching(/^0x(?:[0-9a-f]{2})*$/, '0x and an even number of lower-case hex digits');
/** A word: 32 bytes. */
export const word = bytes(32);
/** A point: 64 bytes, x ‖ y. Whether it lies on its curve is for the checks to say. */
export const point = bytes(64);
/** An address: 20 bytes. */
export const address = bytes(20);

/** A JSON number: an integer in [0, 2^53). */
export const count: Shape<number> = {
  read: (value, path) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
      ? value
      : refuse(path, 'a number in [0, 2^53)'),
  schema: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
};

/** An integer from 0 to `most`. */
export function countUpTo(most: number): Shape<number> {
  return {
    read: (value, path) => {
      const number = count.read(value, path);
      return number <= most ? number : refuse(path, `at most ${most}`);
    },
    schema: { type: 'integer', minimum: 0, maximum: most },
  };
}

/** One of the given words. */
export function oneOf<const T extends string>(...values: readonly T[]): Shape<T> {
  return {
    read: (value, path) => values.find((each) => each === value) ?? refuse(path, `one of ${values.join(', ')}`),
    schema: { enum: values },
  };
}

export function list<T>(item: Shape<T>): Shape<readonly T[]> {
  return {
    read: (value, path) =>
      Array.isArray(value) ? value.map((each: unknown, i) => item.read(each, `${path}[${i}]`)) : refuse(path, 'a list'),
    schema: { type: 'array', items: item.schema },
  };
}

/** `item` or null. */
export function nullable<T>(item: Shape<T>): Shape<T | null> {
  return {
    read: (value, path) => (value === null ? null : item.read(value, path)),
    schema: { anyOf: [item.schema, { type: 'null' }] },
  };
}

type Members = Readonly<Record<string, Shape<unknown>>>;

/** An object with exactly these members: none missing, none unknown. */
export function record<const M extends Members>(members: M): Shape<{ readonly [K in keyof M]: Shaped<M[K]> }> {
  const names = Object.keys(members);
  return {
    read: (value, path) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(path, 'an object');
      const object = value as Readonly<Record<string, unknown>>;
      for (const name of Object.keys(object)) {
        require(Object.hasOwn(
          members,
          name,
        ), 'record/shape', `${path}: unknown member ${JSON.stringify(name.slice(0, 64))}`);
      }
      const read = names.map((name) => {
        require(Object.hasOwn(object, name), 'record/shape', `${path}: member ${name} is missing`);
        return [name, members[name]?.read(object[name], `${path}.${name}`)];
      });
      return Object.fromEntries(read) as { readonly [K in keyof M]: Shaped<M[K]> };
    },
    schema: {
      type: 'object',
      additionalProperties: false,
      required: names,
      properties: Object.fromEntries(names.map((name) => [name, members[name]?.schema])),
    },
  };
}
