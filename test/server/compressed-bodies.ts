import { brotliDecompressSync, constants, gunzipSync, inflateSync } from 'node:zlib';

const { BROTLI_OPERATION_FLUSH, Z_SYNC_FLUSH } = constants;
const END_OF_HEAD = '\r\n\r\n';

/** How what is compressed is read, as far as it was sent. */
const READERS: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  gzip: (body) => gunzipSync(body, { finishFlush: Z_SYNC_FLUSH }),
  deflate: (body) => inflateSync(body, { finishFlush: Z_SYNC_FLUSH }),
  br: (body) => brotliDecompressSync(body, { finishFlush: BROTLI_OPERATION_FLUSH }),
};

/**
 * What the compressed bodies of one direction of an HTTP/1.1 connection hold, of those that were sent in part as far as they go.
 *
 * @throws Error for a body that cannot be read: nobody may take it for one that was looked into
 */
export function compressedBodies(stream: Buffer): Buffer[] {
  const bodies: Buffer[] = [];
  for (let at = 0; ;) {
    const head = nextHead(stream, at);
    if (head === undefined) return bodies;
    at = head.end;
    const read = READERS[head.encoding];
    if (read === undefined) throw new Error(`a body is encoded as ${head.encoding}, which nothing here reads`);
    const body = head.length === undefined ? withoutChunks(stream.subarray(at)) : stream.subarray(at, at + head.length);
    if (body.length > 0) bodies.push(read(body));
  }
}

/** The next head of a message whose body is compressed, and where it ends. `length` is undefined where the body comes in chunks. */
function nextHead(
  stream: Buffer,
  from: number,
): { readonly encoding: string; readonly length: number | undefined; readonly end: number } | undefined {
  for (let at = from; ;) {
    const end = stream.indexOf(END_OF_HEAD, at);
    if (end < 0) return undefined;
    const text = stream.subarray(at, end).toString('latin1');
    // What lies between two heads is a body: only what follows the last beginning of a message is a head.
    const head = text.slice(Math.max(0, text.search(/HTTP\/1\.1 \d{3} (?![\s\S]*HTTP\/1\.1 \d{3} )/u)));
    const encoding = /\r\ncontent-encoding: *(\S+)/iu.exec(head)?.[1];
    const after = end + END_OF_HEAD.length;
    if (encoding !== undefined && encoding !== 'identity') {
      const length = /\r\ncontent-length: *(\d+)/iu.exec(head)?.[1];
      return { encoding, length: length === undefined ? undefined : Number(length), end: after };
    }
    at = after;
  }
}

/** The chunks of RFC 9112 §7.1 put together, as far as they were sent. */
function withoutChunks(stream: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; ;) {
    const line = stream.indexOf('\r\n', at);
    const size = line < 0 ? 0 : Number.parseInt(stream.subarray(at, line).toString('latin1'), 16);
    if (!(size > 0)) return Buffer.concat(chunks);
    chunks.push(stream.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
}
