import { dirname, resolve } from 'node:path';
import { parseJson } from '../../../protocol/canonical-json.ts';
import { require } from '../../../protocol/errors.ts';
import { exists, readText } from '../../../protocol/node/files.ts';

/** The settings that any command may take from flag, environment or file, in that order (DESIGN §4). */
export const SETTINGS = [
  'rpc',
  'election',
  'deployment',
  'definition',
  'artifacts',
  'public',
  'cache',
  'accountFile',
  'passphraseFile',
  'accountPassphraseFile',
] as const;

export type SettingName = (typeof SETTINGS)[number];
export type Settings = Readonly<Partial<Record<SettingName, string>>>;

const paths: ReadonlySet<string> = new Set(SETTINGS.filter((name) => name !== 'rpc' && name !== 'election'));
const CONFIG = 'urna.config.json';

/**
 * Merges flag > `URNA_*` > `urna.config.json`. Paths in the file are relative to the file.
 *
 * @throws `config/unknown` for a member or `URNA_*` variable nobody reads, `config/value`, `file/*`, `json/*`
 */
export async function loadSettings(
  flags: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Settings> {
  const named = flags['config'] ?? env['URNA_CONFIG'];
  const path = typeof named === 'string' ? named : CONFIG;
  const fromFile = typeof named === 'string' || (await exists(path)) ? await readConfig(path) : {};
  const merged: Partial<Record<SettingName, string>> = { ...fromFile, ...fromEnvironment(env) };
  for (const name of SETTINGS) {
    const flag = flags[name];
    if (typeof flag === 'string') merged[name] = flag;
  }
  return merged;
}

/** The environment variable of a setting: `URNA_PASSPHRASE_FILE` of `passphraseFile`. */
export function variableOf(name: SettingName): string {
  return `URNA_${name.replace(/[A-Z]/gu, (letter) => `_${letter}`).toUpperCase()}`;
}

function fromEnvironment(env: Readonly<Record<string, string | undefined>>): Settings {
  const known = new Map<string, SettingName>(SETTINGS.map((name) => [variableOf(name), name]));
  const found: Partial<Record<SettingName, string>> = {};
  for (const [variable, value] of Object.entries(env)) {
    if (!variable.startsWith('URNA_') || variable === 'URNA_CONFIG' || value === undefined) continue;
    const name = known.get(variable);
    require(name !== undefined, 'config/unknown', `nothing reads the environment variable ${variable}`);
    found[name] = value;
  }
  return found;
}

async function readConfig(path: string): Promise<Settings> {
  const value = parseJson(await readText(path, 2 ** 16));
  require(typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value), 'config/value', `${path}: not an object`);
  const found: Partial<Record<SettingName, string>> = {};
  for (const [key, item] of Object.entries(value)) {
    const name = SETTINGS.find((candidate) => candidate === key);
    require(name !== undefined, 'config/unknown', `${path}: nothing reads "${key}"`);
    require(typeof item === 'string' && item !== '', 'config/value', `${path}: "${key}" must be text`);
    found[name] = paths.has(name) ? resolve(dirname(path), item) : item;
  }
  return found;
}
