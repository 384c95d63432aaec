import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JSONSchemaType } from 'ajv';
import { UrnaError } from '../../../protocol/errors.ts';
import { loadSettings } from '../../../server/frame/settings.ts';

interface Settings {
  readonly port: number;
  readonly redisUrl: string;
  readonly accountFile: string;
  readonly origins: readonly string[];
}

const schema: JSONSchemaType<Settings> = {
  type: 'object',
  required: ['port', 'redisUrl', 'accountFile', 'origins'],
  additionalProperties: false,
  properties: {
    port: { type: 'integer', minimum: 0, maximum: 65535, default: 8080 },
    redisUrl: { type: 'string', minLength: 1 },
    accountFile: { type: 'string', minLength: 1 },
    origins: { type: 'array', items: { type: 'string', format: 'uri' }, default: [] },
  },
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'urna-settings-'));
  writeFileSync(join(folder, 'urna.config.json'), '{"redisUrl":"unix:a","accountFile":"key.age","port":1}');
});
afterAll(() => rmSync(folder, { recursive: true }));

async function problemsOf(args: string[], env: Record<string, string>): Promise<string> {
  const error: unknown = await loadSettings(schema, { args, env }).then(
    () => undefined,
    (refused: unknown) => refused,
  );
  return error instanceof UrnaError && error.code === 'config/invalid'
    ? error.message
    : `not refused: ${String(error)}`;
}

describe('loadSettings', () => {
  it('prefers flags to variables, and variables to the file', async () => {
    const args = ['--config', join(folder, 'urna.config.json'), '--port', '3'];
    const settings = await loadSettings(schema, { args, env: { URNA_PORT: '2', URNA_REDIS_URL: 'unix:b', HOME: '/' } });
    expect(settings).toEqual({ port: 3, redisUrl: 'unix:b', accountFile: join(folder, 'key.age'), origins: [] });
  });

  it('reads lists from text', async () => {
    const env = { URNA_REDIS_URL: 'r', URNA_ACCOUNT_FILE: 'k', URNA_ORIGINS: 'https://a.example, https://b.example' };
    const { origins, port } = await loadSettings(schema, { args: [], env });
    expect({ origins, port }).toEqual({ origins: ['https://a.example', 'https://b.example'], port: 8080 });
  });

  it('names everything that is wrong at once', async () => {
    const said = await problemsOf(['--port', '70000', '--colour', 'red', 'extra'], {
      URNA_COLOUR: 'x',
      URNA_ORIGINS: 'no',
    });
    for (const part of [
      'port must be <= 65535',
      '--colour: no such',
      '"extra"',
      'URNA_COLOUR',
      'redisUrl is missing',
      'accountFile is missing',
      'origins must match format',
    ])
      expect(said).toContain(part);
  });

  it('refuses an empty path in the file, with all else that is wrong', async () => {
    const file = join(folder, 'empty.json');
    writeFileSync(file, '{"redisUrl":"unix:a","accountFile":"","listsFolder":"","port":70000}');
    const said = await problemsOf(['--config', file], {});
    for (const part of ['accountFile is empty', 'listsFolder is empty', 'listsFolder: nothing reads', 'port must be']) {
      expect(said).toContain(part);
    }
  });

  it('says which file cannot be read', async () => {
    expect(await problemsOf(['--config', join(folder, 'none.json')], {})).toContain('none.json');
    writeFileSync(join(folder, 'twice.json'), '{"port":1,"port":2}');
    expect(await problemsOf(['--config', join(folder, 'twice.json')], {})).toContain('repeated');
  });
});
