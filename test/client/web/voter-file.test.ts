import { describe, expect, it } from '@jest/globals';
import {
  openWithKey,
  openWithPassphrase,
  createKey,
  sealForKey,
  sealWithPassphrase,
} from '../../../client/web/voter/age-files.ts';
import { decodeVoterFile, encodeVoterFile } from '../../../client/web/voter/voter-file.ts';
import { canonicalBytes, parseJson } from '../../../protocol/canonical-json.ts';
import * as node from '../../../protocol/node/age.ts';
import { streamOf } from '../../protocol/stream.ts';

const random = streamOf('a voter’s file');
const file = {
  ...{ identity: random(32), district: 1, credential: random(32), receipt: { signature: '0x00' } },
  loginFor: 2,
  voting: { decoys: [1, 2] },
};
const failing = (code: string): unknown => expect.objectContaining({ code });

describe('encodeVoterFile', () => {
  it('is what decodeVoterFile reads, with and without what may be missing', () => {
    const bare = { ...file, credential: undefined, receipt: undefined, loginFor: undefined, voting: {} };
    for (const each of [file, bare]) expect(decodeVoterFile(encodeVoterFile(each))).toEqual(each);
  });

  it.each([
    ['type', 'urna/v1/identity', 'vault/damaged'],
    ['voting', [], 'vault/damaged'],
    ['district', -1, 'vault/damaged'],
    ['loginFor', 0, 'vault/damaged'],
    ['more', 1, 'vault/damaged'],
    ['identity', '0x00', 'encoding/hex'],
  ])('with another %s is refused', (name, value, code) => {
    const changed = { ...(parseJson(encodeVoterFile(file)) as object), [name]: value };
    expect(() => decodeVoterFile(canonicalBytes(changed))).toThrow(failing(code) as Error);
  });
});

describe('the browser’s age files', () => {
  it('are the command’s: each opens what the other has sealed', async () => {
    const [plain, passphrase] = [random(80), 'correct horse battery'];
    expect(await node.openWithPassphrase(await sealWithPassphrase(plain, passphrase), passphrase)).toEqual(plain);
    const sealed = await node.sealWithPassphrase(plain, passphrase);
    expect(await openWithPassphrase(sealed, passphrase)).toEqual(plain);
    await expect(openWithPassphrase(sealed, 'another passphrase')).rejects.toEqual(failing('secret/age'));
  }, 60_000);

  it('for a key open with that key only, and not with a flipped bit', async () => {
    const [key, plain] = [await createKey(), random(80)];
    const sealed = await sealForKey(plain, key);
    expect(await openWithKey(sealed, key)).toEqual(plain);
    await expect(openWithKey(sealed, await createKey())).rejects.toEqual(failing('vault/damaged'));
    const flipped = sealed.map((byte, i) => (i === sealed.length - 1 ? byte ^ 1 : byte));
    await expect(openWithKey(flipped, key)).rejects.toEqual(failing('vault/damaged'));
  });

  it('refuse a passphrase that is too short', () => {
    expect(() => sealWithPassphrase(random(1), 'too short')).toThrow(failing('secret/passphrase') as Error);
  });
});
