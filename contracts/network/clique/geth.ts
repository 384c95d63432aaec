import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { UrnaError } from '../../../protocol/errors.ts';

/** The last release that seals Clique blocks. */
export const GETH_VERSION = '1.13.15';

const run = promisify(execFile);

/** Where `contracts/network/geth.sh` puts the one it builds. */
function cachedGeth(): string {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return join(cache, 'urna', `geth-v${GETH_VERSION}`, 'geth');
}

async function isRight(program: string): Promise<boolean> {
  const { stdout } = await run(program, ['version']).catch(() => ({ stdout: '' }));
  return stdout.split('\n').some((line) => line.startsWith(`Version: ${GETH_VERSION}-`));
}

/** Path of a geth of the right version: on PATH, or built before. @throws `network/geth`, which says what to type */
export async function findGeth(): Promise<string> {
  const onPath = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'geth'));
  for (const program of [...onPath, cachedGeth()]) {
    if (existsSync(program) && (await isRight(program))) return program;
  }
  throw new UrnaError(
    'network/geth',
    `geth ${GETH_VERSION} is needed and is neither on PATH nor built: with Go 1.21 or newer, type "bash contracts/network/geth.sh" in Urna’s folder, or ` +
      `"GOTOOLCHAIN=go1.22.12 go install github.com/ethereum/go-ethereum/cmd/geth@v${GETH_VERSION}" and put its folder on PATH`,
  );
}
