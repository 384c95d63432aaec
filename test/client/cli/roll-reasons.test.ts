import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createProgress } from '../../../client/cli/frame/progress.ts';
import { reasons } from '../../../client/cli/roll/reasons.ts';
import { encodeRegistrationFile } from '../../../protocol/credentials/registration-file.ts';
import type { RegisterEvent } from '../../../protocol/credentials/register.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import type { Field } from '../../../protocol/math/field.ts';
import { decodeReasons } from '../../../protocol/roll/reasons.ts';
import { DEPLOYED, smallDefinition } from './definition.ts';
import { newFolder, put } from './urna.ts';

const key = (digit: string): Hex => `0x${digit.repeat(64)}`;
const registered = (digit: string, commitment: bigint): RegisterEvent => ({
  district: 0,
  credentialKey: key(digit),
  commitment: commitment as Field,
  sequence: 1,
  signature: `0x${'01'.repeat(64)}`,
});
const revoked = (digit: string, replacement: Hex | null): RegisterEvent => {
  return { district: 0, credentialKey: key(digit), replacement };
};

const BEFORE = [registered('1', 11n), registered('2', 12n), registered('3', 13n), registered('4', 14n)];
/** 1 stays, 2 has another commitment, 3 is gone, 4 was revoked for 5, which registered, and 6 had been left out. */
const NOW = [
  registered('1', 11n),
  registered('2', 22n),
  revoked('4', key('5')),
  registered('5', 15n),
  registered('6', 16n),
];

function call(now: readonly RegisterEvent[], ...args: string[]) {
  const folder = newFolder();
  const out = join(folder, 'reasons-2.json');
  const options = {
    previous: put(folder, 'registrations-1.jsonl', encodeRegistrationFile(BEFORE)),
    registrations: put(folder, 'registrations-2.jsonl', encodeRegistrationFile(now)),
    rollVersion: '2',
    out,
  };
  const settings = { definition: put(folder, 'election.json', smallDefinition().bytes), election: DEPLOYED };
  return { done: reasons({ options, args, settings, progress: createProgress(true) }), out };
}

describe('urna roll reasons', () => {
  it('lists every entry that differs, with what the entries themselves suggest', async () => {
    const { done, out } = call(NOW);
    await done;
    const { version, changes } = decodeReasons(readFileSync(out));
    expect(version).toBe(2);
    expect(changes.map(({ credentialKey, reason }) => [credentialKey.slice(2, 3), reason])).toEqual([
      ['2', 'wrong-commitment'],
      ['3', 'not-authorised'],
      ['4', 'revoked'],
      ['5', 'replaced'],
      ['6', 'omitted'],
    ]);
  });

  it('takes a reason that the officers know better, for an entry that differs', async () => {
    const { done, out } = call(NOW, `${key('2')}=not-authorised`);
    await done;
    expect(decodeReasons(readFileSync(out)).changes[0]).toMatchObject({ reason: 'not-authorised' });
    await expect(call(NOW, `${key('1')}=omitted`).done).rejects.toMatchObject({ code: 'usage/reason' });
    await expect(call(NOW, `${key('2')}=because`).done).rejects.toMatchObject({ code: 'usage/reason' });
    await expect(call(NOW, 'omitted').done).rejects.toMatchObject({ code: 'usage/reason' });
  });

  it('gives no reasons for what did not change', async () => {
    await expect(call(BEFORE).done).rejects.toMatchObject({ code: 'roll-reasons/unchanged' });
  });
});
