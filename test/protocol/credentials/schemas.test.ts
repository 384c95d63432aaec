import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Json } from '../../../protocol/canonical-json.ts';
import { canonicalBytes, canonicalJson, parseCanonical } from '../../../protocol/canonical-json.ts';
import { decodeCredentialList, encodeCredentialList } from '../../../protocol/credentials/credential-list.ts';
import { decodeRegistrationFile } from '../../../protocol/credentials/registration-file.ts';
import { encodeRegistration } from '../../../protocol/credentials/registration.ts';
import { at } from '../../../protocol/errors.ts';
import { hexKey, lists, registrationOf, spare, voters } from './election.ts';

const ajv = new Ajv2020({ strict: true, strictRequired: true });
const schemaOf = (name: string) =>
  ajv.compile(JSON.parse(readFileSync(`protocol/schemas/${name}.schema.json`, 'utf8')) as object);
const accepts = (decode: () => unknown): boolean => {
  try {
    decode();
    return true;
  } catch {
    return false;
  }
};
const odd: readonly Json[] = [
  null,
  true,
  '',
  '0x',
  0,
  -1,
  1.5,
  3,
  2 ** 53,
  [],
  {},
  ['0x'],
  `0x${'1'.repeat(64)}`,
  `0x${'A'.repeat(64)}`,
  `0x${'0'.repeat(64)}`,
  `0x${'2'.repeat(128)}`,
];
/** `value` with each member left out, replaced by each odd value, and one added. */
function variantsOf(value: Record<string, Json>): Json[] {
  const replaced = Object.keys(value).flatMap((name) => odd.map((item) => ({ ...value, [name]: item })));
  const without = Object.keys(value).map((name) =>
    Object.fromEntries(Object.entries(value).filter(([key]) => key !== name)),
  );
  return [value, ...replaced, ...without, { ...value, extra: 1 }, null, [], 'x'];
}

describe('credential-list.schema.json', () => {
  it('agrees with the decoder', () => {
    const validate = schemaOf('credential-list');
    const list = parseCanonical(encodeCredentialList(at(lists, 0))) as Record<string, Json>;
    for (const value of variantsOf(list)) {
      expect([value, validate(value)]).toEqual([value, accepts(() => decodeCredentialList(canonicalBytes(value)))]);
    }
  });
});

describe('registration.schema.json', () => {
  it('agrees with the decoder on registrations and revocations', () => {
    const validate = schemaOf('registration');
    const registration = parseCanonical(encodeRegistration(registrationOf(0, 0, 5n))) as Record<string, Json>;
    const revocation = {
      credentialKey: hexKey(at(at(voters, 0), 0)),
      district: 0,
      replacement: hexKey(at(at(spare, 0), 0)),
    };
    for (const value of [...variantsOf(registration), ...variantsOf(revocation)]) {
      const line = new TextEncoder().encode(`${canonicalJson(value)}\n`);
      expect([value, validate(value)]).toEqual([value, accepts(() => decodeRegistrationFile(line))]);
    }
  });
});
