import { UrnaError } from '../../../protocol/errors.ts';
import type { RecordFiles } from '../../../protocol/record/files.ts';
import { HEAD_FILE, decodeHead, segmentName } from '../../../protocol/record/head.ts';
import { getBytes, getStream } from '../../http/ask.ts';
import type { ServerUrl } from '../../http/server-url.ts';
import { inflate } from './inflate.ts';

/** Most bytes of a published file that are asked for: a city's registrations have less. */
const MAX_FILE = 2 ** 31;

/**
 * A public service's record (SPEC §17.3). Its head is the first that was read: the record grows meanwhile, and a segment is asked for with
 * as many entries as that head says.
 */
export function serviceFiles(server: ServerUrl): RecordFiles {
  let entriesOf = new Map<string, number>();
  return {
    read: async (name, limit) => {
      const bytes = await present(getBytes(server, addressOf(name, entriesOf), { maxBytes: limit }));
      if (name === HEAD_FILE && bytes !== undefined)
        entriesOf = new Map(decodeHead(bytes).segments.map(({ entries }, index) => [segmentName(index), entries]));
      return bytes;
    },
    stream: (name) => present(getStream(server, addressOf(name, entriesOf), { maxBytes: MAX_FILE })),
    inflate,
  };
}

function addressOf(name: string, entriesOf: ReadonlyMap<string, number>): string {
  const entries = entriesOf.get(name);
  return `/v1/record/${name.replace(/^segments\//u, '')}${entries === undefined ? '' : `?entries=${entries}`}`;
}

async function present<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof UrnaError && error.code.startsWith('not-found/')) return undefined;
    throw error;
  }
}
