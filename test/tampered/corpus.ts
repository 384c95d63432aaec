import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cp } from 'node:fs/promises';
import { canonicalJson } from '../../protocol/canonical-json.ts';
import type { Entry } from '../../protocol/record/entry.ts';
import { recordOf } from '../protocol/checks/world/forge.ts';
import type { Tamper } from '../protocol/checks/world/tamper.ts';
import { tampered } from '../protocol/checks/world/tamper.ts';
import { TAMPERS } from '../protocol/checks/world/tampers.ts';
import type { HeldEvidence, World } from '../protocol/checks/world/world.ts';
import type { RecordHead } from '../../protocol/record/head.ts';
import { longRecord } from './long-record.ts';
import type { SealLie } from './sealed/lie.ts';
import { SEAL_LIES } from './sealed/lies.ts';
import { QBFT_LIES } from './sealed/qbft-lies.ts';
import type { Engine } from './sealed/vector.ts';
import { readSealedElection } from './sealed/vector.ts';
import { DAMAGES } from './structural.ts';
import { writeRecord } from './write.ts';

/** What the corpus holds, for any verifier: `manifest.json`. Folders are below the manifest's. */
export interface Manifest {
  /** The true record: every check passes. */
  readonly valid: { readonly folder: string; readonly entries: number; readonly hash: string };
  /** Whole records with one lie: `check` must fail and no earlier one; `also` are later ones that cannot but fail, too. */
  readonly lies: readonly Lie[];
  /** Records of an election whose chain real validators sealed by Clique (SPEC §14.8). */
  readonly sealed: Sealed;
  /** Records of one whose state test keys sealed by QBFT's rules. */
  readonly qbft: Sealed;
  /** Records that are not whole: the code, and what the sentence must name. */
  readonly damaged: readonly { readonly folder: string; readonly code: string; readonly place: string }[];
}

/** Records of one election and what was sealed of it, all with the same build. */
export interface Sealed {
  readonly build: string;
  readonly valid: Manifest['valid'];
  readonly lies: readonly Lie[];
  /** Seals and states that are unusual, and right: no check fails. */
  readonly unusual: readonly Omit<Lie, 'check' | 'also'>[];
}

/** A record with one lie. */
export interface Lie {
  readonly folder: string;
  readonly lie: string;
  readonly check: number;
  readonly also: readonly number[];
  readonly entries: number;
  readonly hash: string;
  /** SHA-256 of the published files that are not those of the true record, by name; null for one that is missing. */
  readonly files: Readonly<Record<string, string | null>>;
}

/** Name of a lie's folder: its check and a few of its words. */
export function folderOf({ check, lie }: Pick<Tamper, 'check' | 'lie'>): string {
  return `${String(check).padStart(2, '0')}-${slug(lie)}`;
}

function slug(lie: string): string {
  const words = lie
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[’']/gu, '')
    .replace(/[^a-z0-9]+/gu, '-');
  return words.replace(/^-|-$/gu, '');
}

/** Writes the whole corpus, and the published build beside it, into a folder. The same every time. */
export async function writeCorpus(folder: string, world: World): Promise<Manifest> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'build.json'), canonicalJson(world.evidence.build));
  const { entries, hash, files } = await writeRecord(join(folder, 'valid'), world.entries, world.evidence);
  const known = new Map(files.map(({ name, sha256 }) => [name, sha256]));
  const lies: Lie[] = [];
  for (const tamper of TAMPERS) lies.push(await writeLie(folder, world, tamper, known));
  const valid = { folder: 'valid', entries, hash };
  const [sealed, qbft] = [
    await writeSealed(folder, 'clique', 'sealed', SEAL_LIES),
    await writeSealed(folder, 'qbft', 'qbft', QBFT_LIES),
  ];
  const manifest = { valid, lies, sealed, qbft, damaged: await writeDamaged(folder, world) };
  writeFileSync(join(folder, 'manifest.json'), manifestText(manifest));
  return manifest;
}

/** The manifest as it is committed. */
export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** A lie's record, ready to be read or written. */
export async function lieOf(
  world: World,
  tamper: Tamper,
): Promise<{ readonly entries: readonly Entry[]; readonly evidence: HeldEvidence }> {
  const forgery = await tampered(world, tamper);
  return { entries: recordOf(forgery), evidence: forgery.evidence };
}

async function writeLie(
  folder: string,
  world: World,
  tamper: Tamper,
  known: ReadonlyMap<string, string>,
): Promise<Lie> {
  const name = folderOf(tamper);
  const forged = await lieOf(world, tamper);
  const { entries, hash, files } = await writeRecord(join(folder, name), forged.entries, forged.evidence);
  const { lie, check, also = [] } = tamper;
  return { ...{ folder: name, lie, check, also, entries, hash }, files: changedFiles(files, known) };
}

/** What published files are not those of the true record, and which of these are missing. */
function changedFiles(files: RecordHead['files'], known: ReadonlyMap<string, string>): Lie['files'] {
  const others = files.filter((file) => known.get(file.name) !== file.sha256).map((file) => [file.name, file.sha256]);
  const missing = [...known.keys()].filter((each) => !files.some((file) => file.name === each));
  return Object.fromEntries([...others, ...missing.map((each) => [each, null] as const)]) as Lie['files'];
}

/** @param prefix - of the folders of what is right, and of the build's name */
async function writeSealed(
  folder: string,
  engine: Engine,
  prefix: string,
  allLies: readonly SealLie[],
): Promise<Sealed> {
  const sealed = readSealedElection(engine);
  const build = `${prefix}-build.json`;
  writeFileSync(join(folder, build), canonicalJson(sealed.evidence.build));
  const valid = await writeRecord(join(folder, `${prefix}-valid`), sealed.entries, sealed.evidence);
  const known = new Map(valid.files.map(({ name, sha256 }) => [name, sha256]));
  const lies: Lie[] = [];
  const unusual: Sealed['unusual'][number][] = [];
  for (const { lie, check, forge } of allLies) {
    const name = check === undefined ? `${prefix}-${slug(lie)}` : folderOf({ check, lie });
    const forged = forge(sealed);
    const { entries, hash, files } = await writeRecord(join(folder, name), forged.entries, forged.evidence);
    const rest = { entries, hash, files: changedFiles(files, known) };
    if (check === undefined) unusual.push({ folder: name, lie, ...rest });
    else lies.push({ folder: name, lie, check, also: [], ...rest });
  }
  return { build, valid: { folder: `${prefix}-valid`, entries: valid.entries, hash: valid.hash }, lies, unusual };
}

async function writeDamaged(folder: string, world: World): Promise<Manifest['damaged']> {
  const whole = join(folder, 'long');
  await longRecord(whole, world);
  const damaged: Manifest['damaged'][number][] = [];
  for (const { name, code, place, damage } of DAMAGES) {
    await cp(whole, join(folder, `record-${name}`), { recursive: true });
    damage(join(folder, `record-${name}`));
    damaged.push({ folder: `record-${name}`, code, place });
  }
  return damaged;
}
