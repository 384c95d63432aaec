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

/**
 * A public service's record (SPEC §17.3). Its head is the first that was read: the record grows meanwhile, and segments and seals are asked
 * for as that head lists them.
 */
export function serviceFiles(server: ServerUrl): RecordFiles {
  let queryOf = new Map<string, string>();
  return {
    read: async (name, limit) => {
      const bytes = await present(getBytes(server, addressOf(name, queryOf), { maxBytes: limit }));
      if (name === HEAD_FILE && bytes !== undefined) queryOf = queries(decodeHead(bytes));
      return bytes;
    },
    stream: (name) => present(getStream(server, addressOf(name, queryOf), { maxBytes: MAX_FILE })),
    inflate,
  };
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
