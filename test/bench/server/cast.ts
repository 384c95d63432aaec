import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Encrypter } from 'age-encryption';
import { encodeIdentity } from '../../../protocol/identity/identity-file.ts';
import { createIdentity } from '../../../protocol/identity/semaphore.ts';
import { decoys } from '../../../protocol/voting/decoys.ts';
import { buildWorld } from '../../protocol/checks/world/world.ts';
import type { Row } from '../row.ts';
import { answersOf, serve } from './synthetic-city.ts';

/** A city of 1.5M in two districts, as in the row `roll`. */
const MEMBERS = 750_000;
/** North, whose contest `projects` has the largest circuit. */
const [DISTRICT, CONTEST] = [0, 'projects'];
const URNA = fileURLToPath(new URL('../../../bin/urna.mjs', import.meta.url));

interface Spent {
  readonly cpuSeconds: number;
  readonly peakBytes: number;
}

/** Runs the command; what it has used is read of /proc until it ends. @throws Error with what it says if it refuses */
async function spentBy(folder: string, words: readonly string[]): Promise<Spent> {
  const child = spawn(process.execPath, ['--no-warnings', URNA, ...words, '--json'], { cwd: folder });
  const said: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => said.push(text));
  let [peakBytes, ticks] = [0, 0];
  const look = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid ?? 0}/status`, 'utf8');
      const fields =
        readFileSync(`/proc/${child.pid ?? 0}/stat`, 'utf8')
          .split(') ')[1]
          ?.split(' ') ?? [];
      peakBytes = Math.max(peakBytes, 1024 * Number(/VmHWM:\s+(\d+)/u.exec(status)?.[1] ?? 0));
      ticks = Number(fields[11]) + Number(fields[12]);
    } catch {
      // It has ended since.
    }
  }, 20);
  const status = await new Promise((resolve) => child.once('close', resolve));
  clearInterval(look);
  if (status !== 0) throw new Error(said.join(''));
  return { cpuSeconds: ticks / 100, peakBytes };
}

/**
 * Rows `cast`: a voter of a city of 1.5M casts by a public service (SPEC §17.4) with the real command, from the identity file (opened with
 * little scrypt) to the proved update: bytes that the service sent, CPU seconds and memory of the command. Everybody else has voted.
 */
export async function rows(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'urna-bench-cast-'));
  const world = await buildWorld();
  const { chainId, election } = world.domain;
  const identity = createIdentity(new Uint8Array(32).fill(9));
  const place = { privateKey: identity.privateKey, context: { chainId: Number(chainId), election }, index: DISTRICT };
  const others = decoys('decoy-member', place, 7);
  const city = await answersOf(world, { index: DISTRICT, members: MEMBERS, identity, decoys: others });
  const service = await serve(city);
  try {
    writeFileSync(join(folder, 'election.json'), world.evidence.definition);
    writeFileSync(join(folder, 'vote.json'), JSON.stringify({ [CONTEST]: ['park'] }), { mode: 0o600 });
    writeFileSync(join(folder, 'passphrase'), 'four random words here\n', { mode: 0o600 });
    const encrypter = new Encrypter();
    encrypter.setScryptWorkFactor(10);
    encrypter.setPassphrase('four random words here');
    const sealed = await encrypter.encrypt(encodeIdentity(identity));
    writeFileSync(join(folder, 'identity.age'), sealed, { mode: 0o600 });
    const own = ['--identity', 'identity.age', '--passphrase-file', 'passphrase', '--vote-file', 'vote.json'];
    const where = ['--definition', 'election.json', '--election', election, '--out', 'updates'];
    const by = ['--service', service.url, '--district', 'north'];
    const { cpuSeconds, peakBytes } = await spentBy(folder, ['voter', 'cast', ...own, ...where, ...by]);
    return [
      reported('cast/read', service.sent.bytes / 2 ** 20, 'MiB'),
      reported('cast/requests', service.sent.requests, 'answers'),
      reported('cast/CPU', cpuSeconds, 's'),
      reported('cast/memory', peakBytes / 2 ** 30, 'GiB'),
    ];
  } finally {
    service.stop();
    rmSync(folder, { recursive: true });
  }
}

function reported(name: string, value: number, unit: string): Row {
  return { name, value, unit, reference: null, ratio: null, target: 'reported', met: null, samples: 1 };
}
