import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, readdir, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { encodeHex } from '../../protocol/encoding.ts';
import { sha256 } from '../../protocol/hash.ts';
import { writeFile } from '../../protocol/node/files.ts';
import type { PublishedFile } from '../../protocol/record/published-names.ts';
import { publishedName } from '../../protocol/record/head.ts';

/** Names that the commission's public folder may hold for a record (SPEC §14.5). */
const CREDENTIALS = /^[a-z0-9-]{1,32}\.json$/u;
const ROLLS = /^(?:registrations-[1-9][0-9]{0,8}\.jsonl|reasons-[1-9][0-9]{0,8}\.json)$/u;

interface Known {
  readonly stamp: string;
  readonly file: PublishedFile;
}

/**
 * The published files of a record, copied into its folder. What stands in the public folder is copied when it appears or changes; whether
 * it is what the chain names is for the checks, as in every record.
 */
export class PublishedFiles {
  readonly #source: string;
  readonly #folder: string;
  readonly #note: (code: string) => void;
  readonly #known = new Map<string, Known>();
  #scan: Promise<void> | undefined;
  #scanned = 0;

  /** @param note - told a code where a file could not be taken over; it is tried again */
  constructor(source: string, folder: string, note: (code: string) => void) {
    [this.#source, this.#folder, this.#note] = [source, folder, note];
  }

  /** Adds a file that this service has itself: definition, build, circuits. */
  async add(name: string, content: Uint8Array): Promise<void> {
    await writeFile(join(this.#folder, publishedName(name)), content, { replace: true });
    this.#known.set(name, { stamp: 'own', file: { name, bytes: content.length, sha256: encodeHex(sha256(content)) } });
  }

  /** All files, by increasing name. Looks into the public folder once a second at most. */
  async list(): Promise<PublishedFile[]> {
    if (this.#scan === undefined && performance.now() - this.#scanned > 1_000) {
      this.#scan = this.#look().finally(() => {
        this.#scan = undefined;
        this.#scanned = performance.now();
      });
    }
    await this.#scan;
    return [...this.#known.values()].map(({ file }) => file).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async #look(): Promise<void> {
    const names = [
      ...(await this.#namesIn(this.#source, ROLLS)),
      ...(await this.#namesIn(join(this.#source, 'credentials'), CREDENTIALS)).map((name) => `credentials/${name}`),
    ];
    for (const name of names) await this.#takeOver(name).catch(() => this.#note('file/unreadable'));
  }

  /** None in a folder that is not there yet. */
  async #namesIn(folder: string, pattern: RegExp): Promise<string[]> {
    const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') this.#note('file/unreadable');
      return [] as string[];
    });
    return names.filter((name) => pattern.test(name)).sort();
  }

  async #takeOver(name: string): Promise<void> {
    const from = join(this.#source, name);
    const { mtimeMs, size } = await stat(from);
    const stamp = `${mtimeMs} ${size}`;
    if (this.#known.get(name)?.stamp === stamp) return;
    const to = join(this.#folder, publishedName(name));
    await mkdir(dirname(to), { recursive: true });
    // Beside it first: whoever downloads the old one reads it to its end.
    await copyFile(from, `${to}.new`);
    await rename(`${to}.new`, to);
    this.#known.set(name, { stamp, file: { name, ...(await measure(to)) } });
  }
}

async function measure(path: string): Promise<Pick<PublishedFile, 'bytes' | 'sha256'>> {
  const hash = createHash('sha256');
  let bytes = 0;
  await pipeline(createReadStream(path), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      hash.update(chunk);
      bytes += chunk.length;
    }
  });
  return { bytes, sha256: `0x${hash.digest('hex')}` };
}
