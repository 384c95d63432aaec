import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { canonicalBytes, parseCanonical } from '../../../protocol/canonical-json.ts';
import { decodeIdentity, encodeIdentity } from '../../../protocol/identity/identity-file.ts';
import { createIdentity } from '../../../protocol/identity/semaphore.ts';
import { streamOf } from '../stream.ts';

interface Vector {
  readonly commitment: string;
  readonly file: string;
}
const { identities } = JSON.parse(readFileSync('test/vectors/semaphore.json', 'utf8')) as {
  readonly identities: readonly Vector[];
};
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const identity = createIdentity(streamOf('identity-file')(32));
const change = (fields: Record<string, unknown>): Uint8Array =>
  canonicalBytes({ ...(parseCanonical(encodeIdentity(identity)) as object), ...fields });

describe('decodeIdentity', () => {
  it.each(identities)('reads the published file $#', ({ file, commitment }) => {
    expect(decodeIdentity(bytesOf(file)).commitment).toBe(BigInt(commitment));
    expect(new TextDecoder().decode(encodeIdentity(decodeIdentity(bytesOf(file))))).toBe(file);
  });

  it('refuses key and commitment that do not belong together', () => {
    const other = createIdentity(streamOf('another')(32));
    const swapped = change({
      commitment: (parseCanonical(encodeIdentity(other)) as Record<string, string>)['commitment'],
    });
    expect(() => decodeIdentity(swapped)).toThrow(expect.objectContaining({ code: 'identity/commitment' }));
  });

  it('refuses other files', () => {
    const shapes = [
      change({ type: 'urna/v1/trustee' }),
      change({ note: '' }),
      canonicalBytes([]),
      canonicalBytes(null),
      canonicalBytes({}),
    ];
    for (const bytes of shapes)
      expect(() => decodeIdentity(bytes)).toThrow(expect.objectContaining({ code: 'identity/file' }));
    expect(() => decodeIdentity(change({ privateKey: '0x00' }))).toThrow(
      expect.objectContaining({ code: 'encoding/hex' }),
    );
    const trailing = bytesOf(`${new TextDecoder().decode(encodeIdentity(identity))}\n`);
    expect(() => decodeIdentity(trailing)).toThrow(expect.objectContaining({ code: 'json/canonical' }));
  });

  it('refuses every flipped bit, and no message holds the key', () => {
    const bytes = encodeIdentity(identity);
    const secret = Buffer.from(identity.privateKey).toString('hex');
    for (let bit = 0; bit < bytes.length * 8; bit += 11) {
      const flipped = Uint8Array.from(bytes);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      let message = 'accepted';
      try {
        decodeIdentity(flipped);
      } catch (error) {
        message = (error as Error).message;
      }
      expect(message).not.toBe('accepted');
      expect(message).not.toContain(secret.slice(0, 8));
    }
  });
});
