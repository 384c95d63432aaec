import { require } from '../../../protocol/errors.ts';
import type { Progress } from './progress.ts';
import { variableOf } from './settings.ts';
import type { SettingName, Settings } from './settings.ts';

/** One call of a command: its options and arguments as typed, the merged settings, and where progress goes. */
export interface Invocation {
  readonly options: Readonly<Record<string, unknown>>;
  readonly args: readonly string[];
  readonly settings: Settings;
  readonly progress: Progress;
}

/** An option as it is typed: `--chain-id` is `chainId` among {@link Invocation.options}. */
function typed(name: string): string {
  return `--${name.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** A setting that the command cannot do without. @throws `usage/setting` */
export function setting(call: Invocation, name: SettingName): string {
  const value = call.settings[name];
  require(value !==
    undefined, 'usage/setting', `give ${typed(name)}, set ${variableOf(name)} or put "${name}" into urna.config.json`);
  return value;
}

/** A text option, `undefined` if it was not given. */
export function optional(call: Invocation, name: string): string | undefined {
  const value = call.options[name];
  return typeof value === 'string' ? value : undefined;
}

/** The values of an option that may be given several times, in their order. */
export function several(call: Invocation, name: string): readonly string[] {
  const values = call.options[name];
  return Array.isArray(values) ? values.filter((value): value is string => typeof value === 'string') : [];
}

/** A text option that the command requires. @throws `usage/option` */
export function option(call: Invocation, name: string): string {
  const value = optional(call, name);
  require(value !== undefined && value !== '', 'usage/option', `the option ${typed(name)} is missing`);
  return value;
}

/** Whether a flag without value was given. */
export function flag(call: Invocation, name: string): boolean {
  return call.options[name] === true;
}

/** A whole number from `min` to `max`, decimal digits only. @throws `usage/number` */
export function wholeNumber(call: Invocation, name: string, min: number, max = Number.MAX_SAFE_INTEGER): number {
  const text = option(call, name);
  const value = /^(?:0|[1-9][0-9]{0,15})$/u.test(text) ? Number(text) : NaN;
  require(value >= min && value <= max, 'usage/number', `${typed(name)} must be a whole number from ${min} to ${max}`);
  return value;
}

/** Unix seconds of an ISO 8601 time with a zone, or of plain digits. @throws `usage/time` */
export function unixTime(call: Invocation, name: string): number {
  const text = option(call, name);
  const zoned = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)$/u.test(text);
  const value = /^\d{1,11}$/u.test(text) ? Number(text) : zoned ? Date.parse(text) / 1000 : NaN;
  require(Number.isSafeInteger(
    value,
  ), 'usage/time', `${typed(name)}: expected Unix seconds or a time such as 2027-05-09T18:00:00Z`);
  return value;
}
