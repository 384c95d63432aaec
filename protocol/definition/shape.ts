import type { Json } from '../canonical-json.ts';
import type { Problem } from './definition.ts';

/** Looks at `value`, found at `path`, and adds what is wrong to `problems`. */
export type Shape = (value: Json | undefined, path: string, problems: Problem[]) => void;

function report(problems: Problem[], path: string, message: string): void {
  problems.push({ code: 'definition/shape', path, message });
}

function test(accepts: (value: Json) => boolean, expected: string): Shape {
  return (value, path, problems) => {
    if (value === undefined) report(problems, path, 'is missing');
    else if (!accepts(value)) report(problems, path, `must be ${expected}`);
  };
}

/** A whole number from `minimum` to `maximum`. */
export function integer(minimum: number, maximum: number): Shape {
  const accepts = (value: Json): boolean =>
    Number.isSafeInteger(value) && Number(value) >= minimum && Number(value) <= maximum;
  return test(accepts, `a whole number from ${minimum} to ${maximum}`);
}

/** Text that matches `pattern` as a whole. */
export function text(pattern: RegExp, expected: string): Shape {
  return test((value) => typeof value === 'string' && pattern.test(value), expected);
}

export function oneOf(...values: readonly (string | number)[]): Shape {
  return test((value) => values.some((allowed) => allowed === value), values.join(' or '));
}

export function nullable(shape: Shape): Shape {
  return (value, path, problems) => {
    if (value !== null) shape(value, path, problems);
  };
}

/** A list of `minimum` to `maximum` items. */
export function list(item: Shape, minimum: number, maximum: number): Shape {
  const accepts = test(
    (value) => Array.isArray(value) && value.length >= minimum && value.length <= maximum,
    `a list of ${minimum} to ${maximum} items`,
  );
  return (value, path, problems) => {
    const before = problems.length;
    accepts(value, path, problems);
    if (problems.length > before || !Array.isArray(value)) return;
    value.forEach((entry: Json, i) => item(entry, `${path}[${i}]`, problems));
  };
}

/** An object with exactly these members, and of the `optional` ones those that it has. */
export function object(
  members: Readonly<Record<string, Shape>>,
  optional: Readonly<Record<string, Shape>> = {},
): Shape {
  return (value, path, problems) => {
    if (!isObject(value)) return report(problems, path, value === undefined ? 'is missing' : 'must be an object');
    for (const [name, shape] of Object.entries(members)) {
      shape(Object.hasOwn(value, name) ? value[name] : undefined, `${path}.${name}`, problems);
    }
    for (const name of Object.keys(value)) {
      if (Object.hasOwn(members, name)) continue;
      const shape = Object.hasOwn(optional, name) ? optional[name] : undefined;
      if (shape === undefined) report(problems, `${path}[${JSON.stringify(name)}]`, 'is not a known member');
      else shape(value[name], `${path}.${name}`, problems);
    }
  };
}

/** An object of `maximum` members at most, of one shape, under names that match `name`. */
export function record(name: RegExp, member: Shape, maximum: number): Shape {
  return (value, path, problems) => {
    if (!isObject(value)) return report(problems, path, value === undefined ? 'is missing' : 'must be an object');
    const entries = Object.entries(value);
    if (entries.length > maximum) return report(problems, path, `must have at most ${maximum} members`);
    for (const [key, entry] of entries) {
      const place = `${path}[${JSON.stringify(key)}]`;
      if (name.test(key)) member(entry, place, problems);
      else report(problems, place, 'is not a known member');
    }
  };
}

/** Whatever the first of the shapes that finds no fault accepts. */
export function either(expected: string, ...shapes: readonly Shape[]): Shape {
  return test((value) => shapes.some((shape) => isClean(shape, value)), expected);
}

function isClean(shape: Shape, value: Json): boolean {
  const problems: Problem[] = [];
  shape(value, '', problems);
  return problems.length === 0;
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
