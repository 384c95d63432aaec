import { describe, expect, it } from '@jest/globals';
import { nextState, wouldLose } from '../../../client/web/voter/voter-state.ts';
import type { VoterEvent, VoterState } from '../../../client/web/voter/voter-state.ts';
import type { OpenedVoter } from '../../../client/web/voter/opened-voter.ts';
import { signingKey } from '../../../protocol/credentials/ed25519.ts';
import { createIdentity } from '../../../protocol/identity/semaphore.ts';
import { streamOf } from '../../protocol/stream.ts';

const identity = createIdentity(streamOf('somebody')(32));
const letter = { district: 0, credential: signingKey(streamOf('a credential')(32)) };
const making = { identity, district: 0, letter };
const words = ['one', 'two'];
const voter: OpenedVoter = {
  ...({ definitionHash: '0x00', identity, key: 'a key', revision: 1 } as const),
  file: {
    identity: identity.privateKey,
    district: 0,
    credential: undefined,
    receipt: undefined,
    loginFor: undefined,
    voting: {},
  },
} as OpenedVoter;
const standing = { state: 'none' } as const;

const walk = (from: VoterState, ...events: readonly VoterEvent[]): VoterState => events.reduce(nextState, from);

describe('nextState', () => {
  it('leads from a letter over checked words to a passphrase', () => {
    const end = walk(
      { at: 'start' },
      { type: 'has-letter' },
      { type: 'told', letter, standing },
      { type: 'made', making, words },
      { type: 'written-down' },
      { type: 'see-words' },
      { type: 'written-down' },
      { type: 'checked' },
    );
    expect(end).toEqual({ at: 'passphrase', making });
  });

  it('never comes to a passphrase without the words checked or restored', () => {
    const events: readonly VoterEvent[] = [{ type: 'checked' }, { type: 'restored', making }];
    const states: readonly VoterState[] = [
      ...([{ at: 'start' }, { at: 'locked' }, { at: 'letter' }] as const),
      { at: 'words', making, words },
      { at: 'standing', letter, standing },
    ];
    for (const state of states) for (const event of events) expect(nextState(state, event)).toBe(state);
  });

  it('keeps an open voter over the letter, back or on', () => {
    const asked = walk({ at: 'opened', voter }, { type: 'has-letter' });
    expect(asked).toEqual({ at: 'letter', voter });
    expect(walk(asked, { type: 'back' })).toEqual({ at: 'opened', voter });
    const told = walk(asked, { type: 'told', letter, standing });
    expect(told).toEqual({ at: 'standing', letter, standing, voter });
    expect(walk(told, { type: 'back' }, { type: 'back' })).toEqual({ at: 'opened', voter });
  });

  it('forgets only what is locked, and locks only what is open', () => {
    expect(walk({ at: 'opened', voter }, { type: 'forgotten' }).at).toBe('opened');
    expect(walk({ at: 'opened', voter }, { type: 'lock' }, { type: 'forgotten' })).toEqual({ at: 'start' });
    expect(walk({ at: 'start' }, { type: 'lock' })).toEqual({ at: 'start' });
  });
});

describe('wouldLose', () => {
  it('is so from the words on until the identity is kept', () => {
    expect(wouldLose({ at: 'words', making, words })).toBe(true);
    expect(wouldLose({ at: 'passphrase', making })).toBe(true);
    expect(wouldLose({ at: 'opened', voter })).toBe(false);
    expect(wouldLose({ at: 'letter' })).toBe(false);
  });
});
