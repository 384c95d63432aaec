import { decompress } from '../../../protocol/node/gzip.ts';
import type { RecordFiles } from '../../../protocol/record/files.ts';

/** The record as a public service gives it, as any verifier reads one. */
export function servedRecord(address: string): RecordFiles {
  const read = async (name: string): Promise<Uint8Array | undefined> => {
    const answer = await fetch(`${address}/v1/record/${name.replace(/^segments\//u, '')}`);
    return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : undefined;
  };
  return {
    read,
    stream: async (name) => {
      const bytes = await read(name);
      return bytes === undefined ? undefined : once(bytes);
    },
    inflate: (compressed, limit) => Promise.resolve(decompress(compressed, limit)),
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
