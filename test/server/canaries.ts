import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { constants, gunzipSync } from 'node:zlib';

/** Something that must never leave its owner, as a name for a failing test and its bytes. */
export interface Canary {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Every form in which a secret may lie about: bytes either way round, as text in JSON, hex, decimal, base64 at any place of a longer text. */
export function formsOf({ bytes }: Canary): readonly Buffer[] {
  const secret = Buffer.from(bytes);
  const number = BigInt(`0x${secret.toString('hex')}`);
  const texts = [secret.toString('hex'), secret.toString('hex').toUpperCase(), number.toString(), number.toString(16)];
  const reversed = Buffer.from(secret).reverse();
  const base64 = [0, 1, 2].flatMap((shift) => {
    // Of a text that holds the secret after `shift` bytes, the characters that only the secret decides.
    const text = Buffer.concat([Buffer.alloc(shift), secret])
      .toString('base64')
      .replace(/=+$/u, '');
    const core = text.slice(shift === 0 ? 0 : shift + 1, -1);
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')];
  });
  const inJson = JSON.stringify(secret.toString('latin1')).slice(1, -1);
  return [
    secret,
    reversed,
    Buffer.from(inJson),
    ...[...texts, reversed.toString('hex'), ...base64].map((text) => Buffer.from(text)),
  ];
}

/** Names of the canaries that `bytes` hold in any form. */
export function findCanaries(bytes: Uint8Array, canaries: readonly Canary[]): string[] {
  const hay = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return canaries.filter((canary) => formsOf(canary).some((form) => hay.includes(form))).map(({ name }) => name);
}

/** All bytes of all files below a folder; of what is compressed, also what it holds. */
export function folderBytes(folder: string): Buffer {
  const parts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .flatMap((path) => {
      const bytes = readFileSync(path);
      // Perhaps a file that is still being written: as far as it goes.
      return path.endsWith('.gz') ? [bytes, gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH })] : [bytes];
    });
  return Buffer.concat(parts);
}

/** What was seen of each place in which something may lie about. */
export type Places = Readonly<Record<string, Uint8Array>>;

/** The scan that servers have to pass: every canary in any form as `place: name`, and every place of which nothing at all was seen. */
export function findLeaks(places: Places, canaries: readonly Canary[]): string[] {
  return Object.entries(places).flatMap(([place, bytes]) =>
    bytes.length === 0
      ? [`${place}: nothing was seen of it`]
      : findCanaries(bytes, canaries).map((name) => `${place}: ${name}`),
  );
}
