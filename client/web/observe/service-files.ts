import { UrnaError } from '../../../protocol/errors.ts';
import type { RecordFiles } from '../../../protocol/record/files.ts';
import type { RecordHead } from '../../../protocol/record/head.ts';
import { HEAD_FILE, decodeHead, publishedName, segmentName } from '../../../protocol/record/head.ts';
import { SEALS_FILE } from '../../../protocol/seals/seals-file.ts';
import { getBytes, getStream } from '../../http/ask.ts';
import type { ServerUrl } from '../../http/server-url.ts';
import { inflate } from './inflate.ts';

/** Most bytes of a published file that are asked for: a city's registrations have less. */
const MAX_FILE = 2 ** 31;
const SEALS = publishedName(SEALS_FILE);

/**
 * A public service's record (SPEC §17.3). Its head is the first that was read: the record grows meanwhile, and segments and seals are asked
 * for as that head lists them; seals, which the service does not keep for long, at once.
 */
export function serviceFiles(server: ServerUrl): RecordFiles {
  let queryOf = new Map<string, string>();
  let seals: Uint8Array | undefined;
  const ask = (name: string, maxBytes: number): Promise<Uint8Array | undefined> =>
    present(getBytes(server, addressOf(name, queryOf), { maxBytes }));
  return {
    read: async (name, limit) => {
      if (name === SEALS && seals !== undefined && seals.length <= limit) return seals;
      const bytes = await ask(name, limit);
      if (name !== HEAD_FILE || bytes === undefined) return bytes;
      const head = decodeHead(bytes);
      queryOf = queries(head);
      const listed = head.files.find((file) => file.name === SEALS_FILE);
      seals = listed && (await ask(SEALS, listed.bytes));
      return bytes;
    },
    stream: (name) =>
      name === SEALS && seals !== undefined
        ? Promise.resolve(inOneChunk(seals))
        : present(getStream(server, addressOf(name, queryOf), { maxBytes: MAX_FILE })),
    inflate,
  };
}

async function* inOneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** By name, what is asked for of files that change: so many entries of a segment, the seals with this hash. */
function queries({ segments, files }: RecordHead): Map<string, string> {
  const seals = files.filter(({ name }) => name === SEALS_FILE);
  return new Map([
    ...segments.map(({ entries }, index) => [segmentName(index), `?entries=${entries}`] as const),
    ...seals.map(({ name, sha256 }) => [publishedName(name), `?sha256=${sha256}`] as const),
  ]);
}

function addressOf(name: string, queryOf: ReadonlyMap<string, string>): string {
  return `/v1/record/${name.replace(/^segments\//u, '')}${queryOf.get(name) ?? ''}`;
}

async function present<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof UrnaError && error.code.startsWith('not-found/')) return undefined;
    throw error;
  }
}
