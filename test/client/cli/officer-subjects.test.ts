import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { canonicalBytes, parseCanonical } from '../../../protocol/canonical-json.ts';
import type { Json } from '../../../protocol/canonical-json.ts';
import { requireSealed, stateSubjects } from '../../../protocol/credentials/subjects.ts';
import { decodeDefinition, definitionHash } from '../../../protocol/definition/decode.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { DEPLOYED, smallDefinition } from './definition.ts';
import { newFolder, put, urna, verdict } from './urna.ts';

const ISSUER = 'https://login.example';
const folder = newFolder();
const SITE = ['--definition', 'election.json', '--election', DEPLOYED, '--passphrase-file', 'passphrase'];
const words = (key: string, names: string, out: string) => {
  const own = ['--key', key, '--names', names, '--issuer', ISSUER, '--out', out];
  return ['officer', 'subjects', ...SITE, ...own];
};

describe('urna officer subjects', () => {
  it('signs, as an officer, the list that the names make, and no name goes into the file', async () => {
    put(folder, 'passphrase', 'a passphrase of this test only\n', 0o600);
    put(folder, 'names.txt', 'anna\r\nbert\r\n');
    put(folder, 'twice.txt', 'anna\nanna\n');
    const made = await urna(folder, [
      'officer',
      'key',
      '--out',
      'key.age',
      '--passphrase-file',
      'passphrase',
      '--json',
    ]);
    const officer = made.answer?.data['address'] as Hex;
    const small = parseCanonical(smallDefinition().bytes) as Record<string, Json>;
    put(folder, 'election.json', smallDefinition().bytes);
    expect(await verdict(folder, ...words('key.age', 'names.txt', 'none'))).toEqual({ exit: 3, code: 'key/officer' });

    const bytes = canonicalBytes({ ...small, officers: { keys: [officer], quorum: 1 } });
    put(folder, 'election.json', bytes);
    expect(await verdict(folder, ...words('key.age', 'twice.txt', 'none'))).toEqual({ exit: 3, code: 'subjects/file' });
    expect(await verdict(folder, ...words('key.age', 'names.txt', 'seal'))).toEqual({ exit: 0, code: 'ok' });
    const seal = readFileSync(join(folder, 'seal'), 'utf8');
    expect(seal).not.toMatch(/anna|bert/u);
    const definition = decodeDefinition(bytes);
    const context = { chainId: 31337, election: DEPLOYED, definitionHash: definitionHash(definition) };
    requireSealed(seal, stateSubjects(context, ISSUER, ['bert', 'anna']), definition);
  }, 300_000);
});
