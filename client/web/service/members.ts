import type { Json } from '../../../protocol/canonical-json.ts';
import { UrnaError } from '../../../protocol/errors.ts';

/** Reads what a service answered; members that this version does not know are left alone. Every function throws `server/answer`. */
type JsonObject = Readonly<Record<string, Json>>;

function wrong(what: string): never {
  throw new UrnaError('server/answer', `the service’s answer has no ${what} where one belongs`);
}

export function objectIn(value: Json | undefined): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) wrong('object');
  return value as JsonObject;
}

export function listIn(value: Json | undefined): readonly Json[] {
  if (!Array.isArray(value)) wrong('list');
  return value as readonly Json[];
}

export function textIn(value: Json | undefined): string {
  if (typeof value !== 'string') wrong('text');
  return value;
}

export function countIn(value: Json | undefined): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) wrong('count');
  return value;
}

export function oneOf<T extends string>(value: Json | undefined, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  return found ?? wrong(`word of ${allowed.join(', ')}`);
}
