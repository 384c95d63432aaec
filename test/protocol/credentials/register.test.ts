import { describe, expect, it } from '@jest/globals';
import { createRegister, reduceRegistrations, register, revoke } from '../../../protocol/credentials/register.ts';
import type { Register, RegisterEvent } from '../../../protocol/credentials/register.ts';
import { finalEntries, membersOf } from '../../../protocol/credentials/registration-file.ts';
import { signRegistration } from '../../../protocol/credentials/registration.ts';
import { at } from '../../../protocol/errors.ts';
import { toField } from '../../../protocol/math/field.ts';
import { context, hexKey, lists, registrationOf, spare, voters } from './election.ts';

const code = (expected: string): unknown => expect.objectContaining({ code: expected });
const membersAfter = (...events: readonly RegisterEvent[]): bigint[][] =>
  membersOf(finalEntries(reduceRegistrations(context, lists, events)), lists.length);
const lost = { district: 0, credentialKey: hexKey(at(at(voters, 0), 0)), replacement: hexKey(at(at(spare, 0), 0)) };
const byReserve = (commitment: bigint) =>
  signRegistration(context, at(at(spare, 0), 0), { district: 0, commitment: toField(commitment), sequence: 1 });

/** Runs `act` on a state, expects the code, and that nothing changed. */
function refused(events: readonly RegisterEvent[], expected: string, act: (state: Register) => void): void {
  const state = reduceRegistrations(context, lists, events);
  const before = structuredClone({ ...state, context: 0 });
  expect(() => act(state)).toThrow(code(expected));
  expect({ ...state, context: 0 }).toEqual(before);
}

describe('createRegister', () => {
  it('refuses lists of another election, another order, or with a shared key', () => {
    expect(() => createRegister(context, [...lists].reverse())).toThrow(code('credential-list/election'));
    const other = { ...context, definitionHash: `0x${'11'.repeat(32)}` as const };
    expect(() => createRegister(other, lists)).toThrow(code('credential-list/election'));
    const shared = { ...at(lists, 1), keys: at(lists, 0).keys };
    expect(() => createRegister(context, [at(lists, 0), shared])).toThrow(code('credential-list/duplicate'));
    const asReserve = { ...at(lists, 1), reserve: at(lists, 0).keys };
    expect(() => createRegister(context, [at(lists, 0), asReserve])).toThrow(code('credential-list/duplicate'));
  });
});

describe('register', () => {
  it('makes sorted members of each district', () => {
    const events = [registrationOf(0, 0, 30n), registrationOf(0, 1, 10n), registrationOf(1, 2, 20n)];
    expect(membersAfter(...events)).toEqual([[10n, 30n], [20n]]);
    expect(membersAfter()).toEqual([[], []]);
  });

  it('lets the next sequence replace a commitment, and frees the old one', () => {
    const events = [
      registrationOf(0, 0, 30n),
      registrationOf(0, 0, 31n, 2),
      registrationOf(0, 1, 30n),
      registrationOf(0, 0, 31n, 3),
    ];
    expect(membersAfter(...events)).toEqual([[30n, 31n], []]);
  });

  it('refuses a replayed, older, skipped or wrong first sequence', () => {
    const events = [registrationOf(0, 0, 30n), registrationOf(0, 0, 31n, 2)];
    for (const again of [...events, registrationOf(0, 0, 32n, 4), registrationOf(0, 1, 33n, 2)]) {
      refused(events, 'registration/sequence', (state) => register(state, again));
    }
  });

  it('refuses a commitment that another credential holds, in any district', () => {
    const events = [registrationOf(0, 0, 30n)];
    refused(events, 'registration/commitment', (state) => register(state, registrationOf(0, 1, 30n)));
    refused(events, 'registration/commitment', (state) => register(state, registrationOf(1, 0, 30n)));
  });

  it('refuses credentials that are not of this district, guessed, or only in reserve', () => {
    const stranger = signRegistration(
      context,
      { seed: new Uint8Array(32), publicKey: at(at(voters, 1), 0).publicKey },
      { district: 0, commitment: toField(1n), sequence: 1 },
    );
    refused([], 'registration/credential', (state) => register(state, stranger));
    refused([], 'registration/credential', (state) => register(state, byReserve(1n)));
    refused([], 'registration/district', (state) => register(state, { ...registrationOf(0, 0, 1n), district: 2 }));
  });

  it('refuses a signature of something else', () => {
    refused([], 'registration/signature', (state) =>
      register(state, { ...registrationOf(0, 0, 1n), commitment: toField(2n) }),
    );
    const events = [registrationOf(0, 0, 30n)];
    const replaced = { ...registrationOf(0, 0, 31n), sequence: 2 };
    refused(events, 'registration/signature', (state) => register(state, replaced));
  });
});

describe('revoke', () => {
  it('takes the commitment out and lets the reserve in', () => {
    expect(membersAfter(registrationOf(0, 0, 30n), lost)).toEqual([[], []]);
    expect(membersAfter(registrationOf(0, 0, 30n), lost, byReserve(30n))).toEqual([[30n], []]);
    expect(membersAfter(lost, byReserve(5n), registrationOf(0, 1, 4n))).toEqual([[4n, 5n], []]);
  });

  it('ends the credential', () => {
    refused([registrationOf(0, 0, 30n), lost], 'registration/revoked', (state) =>
      register(state, registrationOf(0, 0, 31n, 2)),
    );
    refused([lost], 'registration/revoked', (state) => revoke(state, lost));
  });

  it('can end a replacement, but not hand out a reserve key twice', () => {
    const second = { district: 0, credentialKey: lost.replacement, replacement: null };
    expect(membersAfter(lost, byReserve(5n), second)).toEqual([[], []]);
    const again = { ...lost, credentialKey: hexKey(at(at(voters, 0), 1)) };
    refused([lost], 'registration/reserve', (state) => revoke(state, again));
  });

  it('refuses replacements from elsewhere and credentials that are not active', () => {
    for (const replacement of [
      hexKey(at(at(spare, 1), 0)),
      hexKey(at(at(voters, 0), 1)),
      hexKey(at(at(voters, 0), 0)),
    ]) {
      refused([], 'registration/reserve', (state) => revoke(state, { ...lost, replacement }));
    }
    refused([], 'registration/credential', (state) => revoke(state, { ...lost, credentialKey: lost.replacement }));
    refused([], 'registration/credential', (state) => revoke(state, { ...lost, district: 1 }));
    refused([], 'registration/district', (state) => revoke(state, { ...lost, district: 9 }));
  });

  it('never lets active keys exceed the sealed count', () => {
    const state = reduceRegistrations(context, lists, [lost]);
    expect(state.districts.map(({ active }) => active.size)).toEqual(lists.map(({ keys }) => keys.length));
  });
});
