import type { Json } from './canonical-json.ts';
import { UrnaError, require } from './errors.ts';

/**
 * The members of a JSON object that has exactly `names`.
 *
 * @throws `code`, naming what is missing or unknown
 */
export function readMembers<N extends string>(
  value: Json | undefined,
  names: readonly N[],
  code: string,
): Readonly<Record<N, Json>> {
  require(typeof value === 'object' && value !== null && !Array.isArray(value), code, 'expected an object');
  const object = value as Readonly<Record<string, Json>>;
  const missing = names.filter((name) => !Object.hasOwn(object, name));
  require(missing.length === 0, code, `missing: ${missing.join(', ')}`);
  if (Object.keys(object).length !== names.length) throw new UrnaError(code, 'unknown members');
  return object as Readonly<Record<N, Json>>;
}

/** A whole number in [minimum, 2^53). @throws `code` */
export function readIndex(value: Json | undefined, code: string, minimum = 0): number {
  require(Number.isSafeInteger(value), code, 'expected a whole number');
  require((value as number) >= minimum, code, `expected a number of at least ${minimum}`);
  return value as number;
}

/** Non-empty lines of a JSONL file whose last line ends with a line feed, too. @throws `code` */
export function readLines(text: string, code: string): string[] {
  if (text === '') return [];
  require(text.endsWith('\n'), code, 'the last line has no line feed');
  return text.slice(0, -1).split('\n');
}
