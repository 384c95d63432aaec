import { crc32, gzipSync, inflateRawSync } from 'node:zlib';

/** One gzip member (RFC 1952) of `content`. */
export function compress(content: Uint8Array): Uint8Array {
  return gzipSync(content, { level: 9 });
}

/**
 * What one gzip member holds, and nothing but one member: node's own reader takes several in a row and zeros behind them.
 *
 * @returns `longer` as soon as it is more than `limit` bytes, `damaged` for anything but one whole member
 */
export function decompress(file: Uint8Array, limit: number): Uint8Array | 'longer' | 'damaged' {
  const start = headerLength(file);
  if (start === undefined) return 'damaged';
  try {
    const body = file.subarray(start);
    // In one piece: what is too long is said to be so, whatever follows the first byte too many.
    const size = { chunkSize: Math.max(64, limit + 1), maxOutputLength: Math.max(1, limit) };
    const { buffer, engine } = inflateRawSync(body, { ...size, info: true }) as unknown as Inflated;
    if (buffer.length > limit) return 'longer';
    const trailer = body.subarray(engine.bytesWritten);
    if (trailer.length !== 8) return 'damaged';
    const view = new DataView(trailer.buffer, trailer.byteOffset, 8);
    const whole = view.getUint32(0, true) === crc32(buffer) && view.getUint32(4, true) === buffer.length;
    return whole ? Uint8Array.from(buffer) : 'damaged';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'longer' : 'damaged';
  }
}

interface Inflated {
  readonly buffer: Uint8Array;
  /** `bytesWritten`: compressed bytes that belong to the deflate stream. */
  readonly engine: { readonly bytesWritten: number };
}

const [HAS_CRC, HAS_EXTRA, HAS_NAME, HAS_COMMENT, RESERVED] = [2, 4, 8, 16, 0xe0] as const;

/** Bytes before the deflate stream (RFC 1952 §2.3), undefined if it is no gzip header. */
function headerLength(file: Uint8Array): number | undefined {
  const flags = file[3] ?? RESERVED;
  if (file.length < 18 || file[0] !== 0x1f || file[1] !== 0x8b || file[2] !== 8 || (flags & RESERVED) !== 0)
    return undefined;
  let offset = 10;
  if ((flags & HAS_EXTRA) !== 0) offset += 2 + (file[offset] ?? 0) + 256 * (file[offset + 1] ?? 0);
  for (const flag of [HAS_NAME, HAS_COMMENT]) {
    if ((flags & flag) === 0) continue;
    const end = file.indexOf(0, offset);
    if (end < 0) return undefined;
    offset = end + 1;
  }
  if ((flags & HAS_CRC) !== 0) offset += 2;
  return offset < file.length ? offset : undefined;
}
