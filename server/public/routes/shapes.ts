/** Parts of the routes' JSON schemas. */
export const WORD = { type: 'string', pattern: '^0x[0-9a-f]{64}$' } as const;
export const COUNT = { type: 'integer', minimum: 0 } as const;
const ANY_OBJECT = { type: 'object', additionalProperties: true } as const;

/** A closed object, every member required. */
export function closed(properties: Readonly<Record<string, object>>) {
  return { type: 'object', additionalProperties: false, required: Object.keys(properties), properties };
}

export function listOf(items: object) {
  return { type: 'array', items };
}

/** What a route answers besides its problems. */
export function answers(description: string, schema: object = ANY_OBJECT) {
  return { 200: { description, ...schema }, default: { $ref: 'problem#' } };
}

/** An answer that is no JSON. */
export function answersBytes(description: string, type: string) {
  const content = { [type]: { schema: { type: 'string', format: 'binary' } } };
  return { 200: { description, content }, default: { $ref: 'problem#' } };
}

/** Never changes: may be kept for ever, by everybody on the way. */
export const IMMUTABLE = 'public, max-age=31536000, immutable';

/** May be kept so many seconds. */
export function keep(seconds: number): string {
  return `public, max-age=${seconds}`;
}
