import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderFiles } from '../../../protocol/node/record-folder.ts';
import { applyEntry, startReplay } from '../../../protocol/checks/replay/replay.ts';
import { openRecord, verifyRecord } from '../../../protocol/checks/verify-record.ts';
import { toConfig } from '../../../protocol/config/to-config.ts';
import { decodeDefinition } from '../../../protocol/definition/decode.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';
import { loadPoseidon } from '../../../protocol/math/poseidon.ts';
import { buildWorld } from '../../protocol/checks/world/world.ts';
import type { World } from '../../protocol/checks/world/world.ts';
import { writeRecord } from '../../tampered/write.ts';
import { firstCasts } from './simulated-updates.ts';

/** Updates measured, in batches as boxes send them. */
const [BATCHES, BATCH] = [10, 100] as const;
/** The world's poll with four lanes. */
const POLL = 3;

/** What this process measured, in CPU seconds and bytes, of `updates` updates. */
export interface RecordMeasure {
  readonly updates: number;
  readonly exportSeconds: number;
  readonly verifySeconds: number;
  readonly diskBytes: number;
}

function cpuSeconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}

/** The world's record up to its first batch, then first casts of nobody, proofs simulated. */
async function entriesOf(world: World): Promise<unknown[]> {
  const first = world.entries.findIndex(({ kind }) => kind === 'updates');
  const before = world.entries.slice(0, first);
  const definition = decodeDefinition(world.evidence.definition);
  const replay = startReplay(world.evidence, definition, toConfig(definition), await loadPoseidon());
  for (const entry of before) applyEntry(replay, entry);
  const setting = replay.polls.get(POLL)?.setting;
  if (setting === undefined) throw new Error('the world has no such poll');
  const template = at(world.entries, first);
  const batches = Array.from({ length: BATCHES }, (_, i) => ({
    ...template,
    seq: first + i,
    data: {
      ...{
        ...(template.data as object),
        poll: POLL,
        firsts: firstCasts(setting, i * BATCH, BATCH),
        laters: '0x',
        skipped: wordHex(0n),
      },
      nonEmpty: (i + 1) * BATCH,
    },
  }));
  return [...before, ...batches];
}

async function exportAndVerify(
  folder: string,
  { evidence }: World,
  entries: readonly unknown[],
  updates: number,
): Promise<Pick<RecordMeasure, 'exportSeconds' | 'verifySeconds' | 'diskBytes'>> {
  const exporting = process.cpuUsage();
  await writeRecord(folder, entries, evidence);
  const exportSeconds = cpuSeconds(exporting);
  const files = folderFiles(folder);
  const verifying = process.cpuUsage();
  const { checks } = await verifyRecord(files, await openRecord(files), evidence.build);
  const verifySeconds = cpuSeconds(verifying);
  const proofs = at(checks, 10);
  if (!proofs.ok || proofs.items !== updates) throw new Error('the bench’s proofs do not hold');
  return { exportSeconds, verifySeconds, diskBytes: statSync(join(folder, 'segments/000000.jsonl.gz')).size };
}

async function measure(): Promise<RecordMeasure> {
  const folder = mkdtempSync(join(tmpdir(), 'urna-bench-'));
  try {
    const world = await buildWorld();
    const entries = await entriesOf(world);
    // What an election costs without updates comes once, however many there are.
    const bare = await exportAndVerify(join(folder, 'bare'), world, entries.slice(0, -BATCHES), 0);
    const full = await exportAndVerify(join(folder, 'full'), world, entries, BATCHES * BATCH);
    return {
      updates: BATCHES * BATCH,
      exportSeconds: full.exportSeconds - bare.exportSeconds,
      verifySeconds: full.verifySeconds - bare.verifySeconds,
      diskBytes: full.diskBytes - bare.diskBytes,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

process.send?.(await measure(), () => process.exit(0));
