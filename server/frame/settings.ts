import { readFile } from 'node:fs/promises';
import { resolve, dirname } from 'node:path';
import { parseArgs } from 'node:util';
import type { ErrorObject, JSONSchemaType } from 'ajv';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { parseJson } from '../../protocol/canonical-json.ts';
import { UrnaError } from '../../protocol/errors.ts';

/** Where a service's settings come from: flag > `URNA_*` > `urna.config.json` (DESIGN §4). */
export interface SettingSources {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

type Properties = Readonly<Record<string, { readonly type?: string }>>;

/** The environment variable of a setting: `URNA_REDIS_URL` of `redisUrl`. */
export function variableOf(name: string): string {
  return `URNA_${name.replace(/[A-Z]/gu, (letter) => `_${letter}`).toUpperCase()}`;
}

/** The flag of a setting: `redis-url` of `redisUrl`. */
export function flagOf(name: string): string {
  return name.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);
}

/**
 * The settings of a service, checked against its schema before anything else is done. Lists are comma-separated in flags and variables;
 * members that end in `File` or `Folder` are paths, in a file relative to that file and never empty there. Secrets come by `…File` only.
 *
 * @throws `config/invalid` naming everything that is wrong, at once
 */
export async function loadSettings<T>(schema: JSONSchemaType<T>, sources: SettingSources): Promise<T> {
  const properties = (schema as { readonly properties: Properties }).properties;
  const problems: string[] = [];
  const flags = readFlags(properties, sources.args, problems);
  const merged = {
    ...(await readConfigFile(flags['config'] ?? sources.env['URNA_CONFIG'], problems)),
    ...readVariables(properties, sources.env, problems),
    ...Object.fromEntries(Object.entries(flags).filter(([name]) => name !== 'config')),
  };
  const ajv = new Ajv({ allErrors: true, useDefaults: true, coerceTypes: true, strict: true });
  addFormats.default(ajv);
  const validate = ajv.compile(schema);
  const valid = validate(merged);
  for (const error of validate.errors ?? []) problems.push(sentenceOf(error));
  if (valid && problems.length === 0) return merged;
  throw new UrnaError('config/invalid', `the configuration has problems:\n${problems.map((p) => `- ${p}`).join('\n')}`);
}

function readFlags(properties: Properties, args: readonly string[], problems: string[]): Record<string, unknown> {
  const names = new Map([...Object.keys(properties), 'config'].map((name) => [flagOf(name), name]));
  const options = Object.fromEntries([...names.keys()].map((flag) => [flag, { type: 'string' } as const]));
  const { values, tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind === 'positional') problems.push(`"${token.value}": no such argument`);
    if (token.kind === 'option' && !names.has(token.name)) problems.push(`--${token.name}: no such setting`);
  }
  const known = Object.entries(values).filter(([flag]) => names.has(flag));
  return Object.fromEntries(
    known.map(([flag, value]) => {
      const name = names.get(flag) ?? flag;
      return [name, valueOf(properties[name], String(value))];
    }),
  );
}

function readVariables(properties: Properties, env: SettingSources['env'], problems: string[]): object {
  const names = new Map(Object.keys(properties).map((name) => [variableOf(name), name]));
  const found: Record<string, unknown> = {};
  for (const [variable, value] of Object.entries(env)) {
    if (!variable.startsWith('URNA_') || variable === 'URNA_CONFIG' || value === undefined) continue;
    const name = names.get(variable);
    if (name === undefined) problems.push(`${variable}: nothing reads this variable`);
    else found[name] = valueOf(properties[name], value);
  }
  return found;
}

function valueOf(property: Properties[string] | undefined, text: string): unknown {
  if (property?.type !== 'array') return text;
  return text === '' ? [] : text.split(',').map((each) => each.trim());
}

async function readConfigFile(path: unknown, problems: string[]): Promise<object> {
  if (path === undefined) return {};
  const file = String(path);
  try {
    const value = parseJson(await readFile(file));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('not an object');
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [name, fromFile(file, name, each, problems)]),
    );
  } catch (error) {
    problems.push(`${file}: ${error instanceof Error ? error.message : 'cannot be read'}`);
    return {};
  }
}

/** An empty path is refused here: resolved, it would name the folder of the configuration file. */
function fromFile(file: string, name: string, value: unknown, problems: string[]): unknown {
  if (!/(?:File|Folder)$/u.test(name) || typeof value !== 'string') return value;
  if (value === '') problems.push(`${name} is empty in ${file}: name a path there or take it out`);
  return resolve(dirname(file), value);
}

function sentenceOf({ instancePath, message, params, keyword }: ErrorObject): string {
  const name = instancePath.slice(1).split('/')[0];
  if (keyword === 'required') {
    const missing = String((params as { missingProperty: string }).missingProperty);
    return `${missing} is missing: give --${flagOf(missing)}, set ${variableOf(missing)} or put it into the configuration file`;
  }
  if (keyword === 'additionalProperties') {
    return `${String((params as { additionalProperty: string }).additionalProperty)}: nothing reads this setting`;
  }
  return `${name ?? 'configuration'} ${message ?? 'is wrong'}`;
}
