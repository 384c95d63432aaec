/** What one gzip member holds, as `RecordFiles` asks for it. The browser's own reader refuses what follows a member. */
export async function inflate(compressed: Uint8Array, limit: number): Promise<Uint8Array | 'longer' | 'damaged'> {
  const stream = new Blob([Uint8Array.from(compressed)]).stream().pipeThrough(new DecompressionStream('gzip'));
  const reader = stream.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      length += part.value.length;
      if (length > limit) {
        await reader.cancel();
        return 'longer';
      }
      parts.push(part.value);
    }
  } catch {
    return 'damaged';
  }
  const whole = new Uint8Array(length);
  parts.reduce((offset, part) => (whole.set(part, offset), offset + part.length), 0);
  return whole;
}
