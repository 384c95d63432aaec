/**
 * The one error type for malformed input. A false statement is not an error: checks return an answer instead.
 *
 * `code` is stable and part of the interface (SPEC §16); `message` is a sentence a person can act on and never
 * contains a secret.
 */
export class UrnaError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'UrnaError';
    this.code = code;
  }
}

/** Throws `UrnaError(code, message)` unless `condition` holds. */
export function require(condition: boolean, code: string, message: string): asserts condition {
  if (!condition) throw new UrnaError(code, message);
}

/** The value at `index`, or `UrnaError('internal/index')`: for reads that the surrounding code has made safe. */
export function at<T>(list: readonly T[], index: number): T {
  const value = list[index];
  if (value === undefined) throw new UrnaError('internal/index', `no element ${index} in a list of ${list.length}`);
  return value;
}
