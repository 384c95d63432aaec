import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { GETH_VERSION, findGeth } from '../../../contracts/network/clique/geth.ts';

const SCRIPT = join(import.meta.dirname, '../../../contracts/network/geth.sh');
/** What scripts need of a system, and no geth and no Go. */
const SYSTEM = '/usr/bin:/bin';
const run = promisify(execFile);

let root: string;
let [onPath, cache] = ['', ''];
let before: NodeJS.ProcessEnv;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'urna-geth-'));
  [onPath, cache] = [join(root, 'bin'), join(root, 'cache')];
  for (const folder of [onPath, cached()]) mkdirSync(folder, { recursive: true });
  before = { ...process.env };
  process.env['PATH'] = `${onPath}:${SYSTEM}`;
  process.env['XDG_CACHE_HOME'] = cache;
});
afterEach(() => {
  process.env = before;
  rmSync(root, { recursive: true, force: true });
});

const cached = (): string => join(cache, `urna/geth-v${GETH_VERSION}`);

/** A program that says what geth says when it is asked for its version. */
function fakeGeth(folder: string, version: string): string {
  return program(folder, 'geth', `printf 'Geth\\nVersion: ${version}\\nArchitecture: amd64\\n'`);
}

function program(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return path;
}

/** A Go that is new enough, and whose `install` makes a geth of this version. */
function fakeGo(version: string): void {
  const make = `printf '#!/bin/sh\\necho "Version: ${version}"\\n' >"$GOBIN/geth"; chmod +x "$GOBIN/geth"; echo "$*" >"${root}/asked"`;
  program(onPath, 'go', `[ "$1" = env ] && { echo go1.22.1; exit; }\n${make}`);
}

const gethSh = (): Promise<{ stdout: string; stderr: string }> => run('bash', [SCRIPT], { env: process.env });

describe('findGeth', () => {
  it('says what to type where there is none', async () => {
    const error = await findGeth().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'network/geth' });
    const { message } = error as Error;
    expect(message).toContain('bash contracts/network/geth.sh');
    expect(message).toContain(
      `GOTOOLCHAIN=go1.22.12 go install github.com/ethereum/go-ethereum/cmd/geth@v${GETH_VERSION}`,
    );
  });

  it('takes the one on PATH', async () => {
    const found = fakeGeth(onPath, `${GETH_VERSION}-stable`);
    fakeGeth(cached(), `${GETH_VERSION}-stable`);
    expect(await findGeth()).toBe(found);
  });

  it.each(['1.14.0-stable', '1.13.14-stable', '1.13.150-stable', ''])(
    'passes over one of version "%s"',
    async (other) => {
      fakeGeth(onPath, other);
      await expect(findGeth()).rejects.toMatchObject({ code: 'network/geth' });
      const found = fakeGeth(cached(), `${GETH_VERSION}-stable-c5ba367e`);
      expect(await findGeth()).toBe(found);
    },
  );

  it('passes over one that cannot be started', async () => {
    program(onPath, 'geth', 'exit 1');
    await expect(findGeth()).rejects.toMatchObject({ code: 'network/geth' });
  });
});

describe('geth.sh', () => {
  it('prints the one on PATH, or the one built before where that one is of another version, and builds neither again', async () => {
    const built = fakeGeth(cached(), `${GETH_VERSION}-stable`);
    fakeGeth(onPath, '1.14.0-stable');
    expect((await gethSh()).stdout.trim()).toBe(built);
    const found = fakeGeth(onPath, `${GETH_VERSION}-stable`);
    expect((await gethSh()).stdout.trim()).toBe(found);
    expect(existsSync(join(root, 'asked'))).toBe(false);
  });

  it('builds one of exactly this version, and keeps it', async () => {
    fakeGo(`${GETH_VERSION}-stable`);
    fakeGeth(onPath, '1.14.0-stable');
    expect((await gethSh()).stdout.trim()).toBe(join(cached(), 'geth'));
    expect(await findGeth()).toBe(join(cached(), 'geth'));
    expect(readdirSync(cached())).toEqual(['geth']);
  });

  it('fails, and keeps nothing, where what was built is of another version', async () => {
    fakeGo('1.14.0-stable');
    await expect(gethSh()).rejects.toMatchObject({ code: 1 });
    expect(readdirSync(cached())).toEqual([]);
  });
});
