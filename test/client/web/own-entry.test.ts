import { describe, expect, it } from '@jest/globals';
import { findOwnEntry, isOwnEntry } from '../../../client/web/voter/roll/own-entry.ts';
import { signingKey } from '../../../protocol/credentials/ed25519.ts';
import { readPublishedEntry } from '../../../protocol/credentials/own-entry.ts';
import type { RollOnChain } from '../../../protocol/credentials/own-entry.ts';
import type { RegisterEvent } from '../../../protocol/credentials/register.ts';
import { encodeRegistrationFile, registrationsRoot } from '../../../protocol/credentials/registration-file.ts';
import { signRegistration } from '../../../protocol/credentials/registration.ts';
import type { Registration } from '../../../protocol/credentials/registration.ts';
import { encodeHex, encodeWord } from '../../../protocol/encoding.ts';
import type { Field } from '../../../protocol/math/field.ts';
import { WordList } from '../../../protocol/word-list.ts';
import { streamOf } from '../../protocol/stream.ts';

const random = streamOf('own entries');
const context = { chainId: 1, election: encodeHex(random(20)), definitionHash: encodeHex(random(32)) };
const [own, other] = [random(32), random(32)] as const;
const keyOf = (seed: Uint8Array) => encodeHex(signingKey(seed).publicKey);
const registered = (seed: Uint8Array, commitment: bigint, sequence = 1): Registration =>
  signRegistration(context, signingKey(seed), { district: 0, commitment: commitment as Field, sequence });
const rollOf = (entries: readonly RegisterEvent[], ...members: readonly bigint[]): RollOnChain => {
  const words = new WordList();
  for (const member of [...members].sort((a, b) => (a < b ? -1 : 1))) words.push(encodeWord(member));
  return { registrationsRoot: registrationsRoot(entries), members: [words, new WordList()] };
};
const sorted = (...entries: readonly RegisterEvent[]): RegisterEvent[] =>
  [...entries].sort((a, b) => (a.credentialKey < b.credentialKey ? -1 : 1));

/** A voter with commitment 7: with the letter, and a receipt of sequence 1, unless said otherwise. */
const MINE = { election: { context }, district: 0, commitment: 7n as Field, credential: own, sequence: 1 } as const;
type Owner = Parameters<typeof findOwnEntry>[2];

async function found(owner: Owner, entries: readonly RegisterEvent[], roll: RollOnChain) {
  const published = await readPublishedEntry([encodeRegistrationFile(entries)], isOwnEntry(owner));
  return findOwnEntry(published, roll, owner);
}

describe('findOwnEntry', () => {
  const [mine, theirs] = [registered(own, 7n), registered(other, 8n)];
  const all = sorted(mine, theirs);
  const right = { isRegistered: true, faults: [], claim: undefined };
  const noReceipt = { ...MINE, sequence: undefined };
  const noLetter = { ...noReceipt, credential: undefined };

  it.each<[string, Owner]>([
    ['with letter and receipt', MINE],
    ['with the letter, registered on another device', noReceipt],
    ['without the letter', noLetter],
  ])('finds nothing wrong where all is as registered, %s', async (_, owner) => {
    expect(await found(owner, all, rollOf(all, 7n, 8n))).toEqual(right);
  });

  const revocation = { district: 0, credentialKey: keyOf(own), replacement: null };
  const wrong: [string, Owner, RegisterEvent[], readonly bigint[], object][] = [
    ['an entry left out', MINE, [theirs], [8n], { faults: ['unlisted', 'absent'], claim: 'omitted' }],
    ['a member left out', MINE, all, [8n], { faults: ['absent'], claim: 'omitted' }],
    ['a member left out, to who has no letter', noLetter, all, [8n], { faults: ['absent'], claim: undefined }],
    ['an entry left out, to who has no letter', noLetter, [theirs], [7n], { faults: ['unlisted'], claim: undefined }],
    ['a revocation', MINE, sorted(revocation, theirs), [8n], { faults: ['revoked', 'absent'], claim: 'revoked' }],
    [
      'another commitment',
      MINE,
      sorted(registered(own, 9n), theirs),
      [8n, 9n],
      { faults: ['other', 'absent'], claim: 'wrong-commitment' },
    ],
    [
      'a forged signature',
      MINE,
      sorted({ ...mine, signature: theirs.signature }, theirs),
      [7n, 8n],
      { faults: ['other'], claim: 'wrong-commitment' },
    ],
    [
      'somebody who registered with the letter',
      noReceipt,
      sorted(registered(own, 9n), theirs),
      [8n, 9n],
      { faults: ['foreign'], claim: 'not-authorised', isRegistered: false },
    ],
  ];
  it.each(wrong)('names %s', async (_, owner, entries, members, expected) => {
    expect(await found(owner, entries, rollOf(entries, ...members))).toEqual({ isRegistered: true, ...expected });
  });

  it('names a file that is not the one on chain, which nobody alone can challenge', async () => {
    for (const owner of [MINE, noReceipt, noLetter])
      expect(await found(owner, all, rollOf([mine], 7n, 8n))).toEqual({ ...right, faults: ['file'] });
  });

  it('says of who has registered nothing that nothing is there', async () => {
    for (const owner of [noReceipt, noLetter])
      expect(await found(owner, [theirs], rollOf([theirs], 8n))).toEqual({ ...right, isRegistered: false });
  });
});
