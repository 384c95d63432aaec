import { UrnaError } from '../../../protocol/errors.ts';

/** A word's argument. @throws `usage/arguments` with how it is used */
export function argument(args: readonly string[], index: number, usage: string): string {
  const value = args[index];
  if (value === undefined) throw new UrnaError('usage/arguments', `usage: ${usage}`);
  return value;
}
