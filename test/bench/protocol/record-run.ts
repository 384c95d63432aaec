import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderFiles } from '../../../protocol/node/record-folder.ts';
import { updateContext } from '../../../protocol/ballot/slot.ts';
import { updateSignals } from '../../../protocol/ballot/statement.ts';
import { oldOf } from '../../../protocol/ballot/statement.ts';
import { applyEntry, startReplay } from '../../../protocol/checks/replay/replay.ts';
import { SlotTable } from '../../../protocol/checks/replay/slot-table.ts';
import { openRecord, verifyRecord } from '../../../protocol/checks/verify-record.ts';
import { toConfig } from '../../../protocol/config/to-config.ts';
import { decodeDefinition } from '../../../protocol/definition/decode.ts';
import { concatBytes, encodeHex, encodeWord, wordHex } from '../../../protocol/encoding.ts';
import { at } from '../../../protocol/errors.ts';
import { hashWords } from '../../../protocol/hash.ts';
import { G, multiplyPublic } from '../../../protocol/math/curve.ts';
import type { Field } from '../../../protocol/math/field.ts';
import { loadPoseidon } from '../../../protocol/math/poseidon.ts';
import { makeTrapdoor } from '../trapdoor/trapdoor.ts';
import { buildWorld } from '../../protocol/checks/world/world.ts';
import type { World } from '../../protocol/checks/world/world.ts';
import { writeRecord } from '../../tampered/write.ts';

/** Updates measured, in batches as boxes send them; and the slots that a city has. */
const [BATCHES, BATCH, SLOTS] = [10, 100, 1_500_000] as const;
/** The world's poll with four lanes. */
const POLL = 3;

/** What this process measured, in CPU seconds and bytes, of `updates` updates. */
export interface RecordMeasure {
  readonly updates: number;
  readonly slots: number;
  readonly exportSeconds: number;
  readonly verifySeconds: number;
  readonly diskBytes: number;
  readonly peakBytes: number;
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
  const trapdoor = makeTrapdoor(14 + 12 * setting.lanes, BigInt(setting.lanes));
  const points = Array.from({ length: 16 }, (_, i) => multiplyPublic(G, BigInt(i + 1)));
  const template = at(world.entries, first);
  const firsts = (batch: number): `0x${string}` =>
    encodeHex(
      concatBytes(
        ...Array.from({ length: BATCH }, (_, k) => {
          const nullifier = (hashWords('bench', [BigInt(batch * BATCH + k)]) >> 8n) as Field;
          const point = (i: number) => at(points, (batch + k + i) % points.length);
          const next = { R: point(0), C: Array.from({ length: setting.lanes }, (__, i) => point(i + 1)) };
          const context = updateContext(setting.contextBase, nullifier, 0n);
          const own = updateSignals({ nullifier, context, fresh: true, old: oldOf(undefined, setting.lanes), next });
          const words = [nullifier, ...[next.R, ...next.C].flatMap(({ x, y }) => [x, y])];
          return concatBytes(...[...words, ...trapdoor.simulate([...setting.signals, ...own])].map(encodeWord));
        }),
      ),
    );
  const batches = Array.from({ length: BATCHES }, (_, i) => ({
    ...template,
    seq: first + i,
    data: {
      ...{ ...(template.data as object), poll: POLL, firsts: firsts(i), laters: '0x', skipped: wordHex(0n) },
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
    const slots = new SlotTable();
    for (let i = 0n; i < SLOTS; i++) slots.set((i * 0x9e3779b97f4a7c15n) << 128n, i + 1n);
    const full = await exportAndVerify(join(folder, 'full'), world, entries, BATCHES * BATCH);
    return {
      ...{ updates: BATCHES * BATCH, slots: slots.size, peakBytes: process.resourceUsage().maxRSS * 1024 },
      exportSeconds: full.exportSeconds - bare.exportSeconds,
      verifySeconds: full.verifySeconds - bare.verifySeconds,
      diskBytes: full.diskBytes - bare.diskBytes,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

process.send?.(await measure(), () => process.exit(0));
