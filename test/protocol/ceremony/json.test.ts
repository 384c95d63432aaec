import { describe, expect, it } from '@jest/globals';
import { decodeMessage, encodeMessage } from '../../../protocol/ceremony/message-json.ts';
import type { CeremonyMessage } from '../../../protocol/ceremony/messages.ts';
import {
  decodeAttemptSecret,
  decodeTrusteeShare,
  encodeAttemptSecret,
  encodeTrusteeShare,
} from '../../../protocol/ceremony/secret-json.ts';
import type { SignedMessage } from '../../../protocol/ceremony/step-object.ts';
import { messageObject } from '../../../protocol/ceremony/step-object.ts';
import { beginAttempt } from '../../../protocol/ceremony/trustee.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import { l, toScalar } from '../../../protocol/math/field.ts';
import { streamOf } from '../stream.ts';
import { SETUP } from './run.ts';

const head = { attempt: 1, time: 5 };
const signed: SignedMessage[] = [
  { ...head, kind: 'commit', trustee: 1, hash: 9n },
  { ...head, kind: 'reveal', trustee: 1, words: [1n, 2n] },
  { ...head, kind: 'deal', trustee: 1, bytes: Uint8Array.of(1, 2) },
  { ...head, kind: 'confirm', trustee: 1, transcript: 3n },
  { ...head, kind: 'accuse', trustee: 1, dealer: 2, lane: 0 },
  { ...head, kind: 'answer', trustee: 2, accuser: 1, lane: 0, share: 4n },
];
const all: CeremonyMessage[] = [...signed, { ...head, kind: 'timeout' }, { ...head, kind: 'finish' }];

describe('decodeMessage', () => {
  it.each(all.map((message) => [message.kind, message] as const))('inverts encodeMessage for %s', (_, message) => {
    expect(decodeMessage(JSON.parse(JSON.stringify(encodeMessage(message))))).toEqual(message);
  });

  it.each(all.map((message) => [message.kind, message] as const))(
    'refuses a %s with a member too many or too few',
    (_, m) => {
      const json = encodeMessage(m);
      expect(() => decodeMessage({ ...json, extra: 1 })).toThrow(expect.objectContaining({ code: 'ceremony/message' }));
      for (const name of Object.keys(json)) {
        const { [name]: gone, ...rest } = json;
        expect(gone).toBeDefined();
        expect(() => decodeMessage(rest)).toThrow(expect.objectContaining({ code: 'ceremony/message' }));
      }
    },
  );

  it.each([null, 3, 'x', { kind: 'toString', attempt: 1, time: 1 }, { kind: 'timeout', attempt: -1, time: 1 }])(
    'refuses %p',
    (value) => {
      expect(() => decodeMessage(value)).toThrow(expect.objectContaining({ code: 'ceremony/message' }));
    },
  );

  it('refuses words that are no list', () => {
    const json = { ...encodeMessage(signed[1]!), words: '0x' };
    expect(() => decodeMessage(json)).toThrow(expect.objectContaining({ code: 'ceremony/message' }));
  });
});

describe('messageObject', () => {
  it('differs for every message', () => {
    expect(new Set(signed.map(messageObject)).size).toBe(signed.length);
  });
});

describe('secret files', () => {
  it('round-trip', async () => {
    const { secret } = await beginAttempt(SETUP, 1, 2, streamOf('secret'));
    expect(decodeAttemptSecret(JSON.parse(JSON.stringify(encodeAttemptSecret(secret))))).toEqual(secret);
    const share = { attempt: 1, trustee: 2, shares: [toScalar(5n)] };
    expect(decodeTrusteeShare(JSON.parse(JSON.stringify(encodeTrusteeShare(share))))).toEqual(share);
  });

  it('refuse malformed content without quoting it', async () => {
    const { secret } = await beginAttempt(SETUP, 1, 2, streamOf('secret'));
    const json = encodeAttemptSecret(secret);
    const tooLarge = `0x${l.toString(16).padStart(64, '0')}`;
    const broken: unknown[] = [
      null,
      [],
      { ...json, attempt: 0 },
      { ...json, extra: 1 },
      { ...json, polynomials: [] },
      { ...json, polynomials: [[tooLarge]] },
      { ...json, polynomials: [[`0x${'00'.repeat(32)}`], [`0x${'00'.repeat(32)}`, `0x${'00'.repeat(32)}`]] },
      { ...json, transport: { publicKey: '0x00', secretKey: '0x00' } },
    ];
    for (const value of broken) {
      try {
        decodeAttemptSecret(value);
        throw new Error('accepted');
      } catch (error) {
        expect(error).toBeInstanceOf(UrnaError);
        expect((error as UrnaError).code).toBe('ceremony/secret');
        expect((error as UrnaError).message).not.toMatch(/[0-9a-f]{8}/);
      }
    }
    expect(() => decodeTrusteeShare({ attempt: 1, trustee: 1, shares: [tooLarge] })).toThrow(
      expect.objectContaining({ code: 'ceremony/secret' }),
    );
  });
});
