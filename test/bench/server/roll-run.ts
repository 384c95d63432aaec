import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RegisterEvent } from '../../../protocol/credentials/register.ts';
import { encodeHex } from '../../../protocol/encoding.ts';
import type { Field } from '../../../protocol/math/field.ts';
import { loadPoseidon } from '../../../protocol/math/poseidon.ts';
import { publishVersion, registrationsFile, stageRegistrations } from '../../../server/eligibility/roll/published.ts';
import { EntryTable } from '../../../server/eligibility/roll/entry-table.ts';
import { openTilePool } from '../../../server/frame/tile-pool.ts';

/** What this process measured; seconds are of the clock, CPU seconds of all threads. */
export interface RollMeasure {
  readonly members: number;
  readonly importSeconds: number;
  readonly importCpu: number;
  readonly publishSeconds: number;
  readonly publishCpu: number;
  readonly fileBytes: number;
  /** Seconds of a hash of two by circomlibjs on one thread. */
  readonly hashSeconds: number;
  readonly hashCpu: number;
  readonly peakBytes: number;
}

const HASHES = 20_000;

/** Registrations as they stand in the register, in no order, of two districts; nobody has signed them. */
function* registrations(count: number): Generator<RegisterEvent> {
  for (let i = 0; i < count; i++) {
    const bytes = createHash('sha512').update(`member ${i}`).digest();
    const commitment = (BigInt(`0x${bytes.toString('hex', 0, 32)}`) >> 3n) as Field;
    const credentialKey = encodeHex(bytes.subarray(32));
    yield {
      district: i % 2,
      credentialKey,
      commitment,
      sequence: 1,
      signature: encodeHex(Buffer.concat([bytes.subarray(32), bytes.subarray(0, 32)])),
    };
  }
}

interface Spent {
  readonly seconds: number;
  readonly cpu: number;
}

async function spent(work: () => Promise<void>): Promise<Spent> {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { seconds: (performance.now() - start) / 1000, cpu: (user + system) / 1e6 };
}

async function hashesAlone(): Promise<Spent> {
  const poseidon = await loadPoseidon();
  let node = 1n;
  return spent(async () => {
    for (let i = 0; i < HASHES; i++) node = poseidon([node, 2n]);
  });
}

/** Sorts a register into its file, then reads the file, makes Merkle root, roll roots and tiles, as the service does after registration. */
async function measure(members: number): Promise<RollMeasure> {
  const folder = mkdtempSync(join(tmpdir(), 'urna-bench-roll-'));
  const alone = await hashesAlone();
  const pool = openTilePool();
  try {
    const imported = await spent(async () => {
      const table = new EntryTable();
      for (const each of registrations(members)) table.add(each);
      await rename(await stageRegistrations(folder, 1, table.sorted()), registrationsFile(folder, 1));
    });
    const published = await spent(async () => void (await publishVersion(pool, folder, 1, 2)));
    return {
      ...{ members, importSeconds: imported.seconds, importCpu: imported.cpu },
      ...{ publishSeconds: published.seconds, publishCpu: published.cpu },
      fileBytes: statSync(registrationsFile(folder, 1)).size,
      ...{ hashSeconds: alone.seconds / HASHES, hashCpu: alone.cpu / HASHES },
      peakBytes: process.resourceUsage().maxRSS * 1024,
    };
  } finally {
    await pool.close();
    rmSync(folder, { recursive: true });
  }
}

process.send?.(await measure(Number(process.argv[2])));
process.exit(0);
