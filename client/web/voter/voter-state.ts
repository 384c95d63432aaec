import type { SigningKey } from '../../../protocol/credentials/ed25519.ts';
import type { Identity } from '../../../protocol/identity/semaphore.ts';
import type { Standing } from '../../http/registrar.ts';
import type { OpenedVoter } from './opened-voter.ts';

/** The letter, understood. */
export interface Letter {
  readonly district: number;
  readonly credential: SigningKey;
}

/** An identity that is not kept yet, and with which letter or for which district. */
export interface NewVoter {
  readonly identity: Identity;
  readonly district: number;
  readonly letter: Letter | undefined;
}

/** Where a voter is on the way to an open, registered identity. `voter` is there where a vault is open already. */
export type VoterState =
  | { readonly at: 'start' }
  | { readonly at: 'locked' }
  | { readonly at: 'letter'; readonly voter?: OpenedVoter }
  | { readonly at: 'standing'; readonly letter: Letter; readonly standing: Standing; readonly voter?: OpenedVoter }
  | { readonly at: 'words'; readonly making: NewVoter; readonly words: readonly string[] }
  | { readonly at: 'check'; readonly making: NewVoter; readonly words: readonly string[] }
  | { readonly at: 'passphrase'; readonly making: NewVoter }
  | { readonly at: 'restore'; readonly letter?: Letter }
  | { readonly at: 'opened'; readonly voter: OpenedVoter };

/** What a voter did, or what came of it. */
export type VoterEvent =
  | { readonly type: 'has-letter' }
  | { readonly type: 'has-backup' }
  | { readonly type: 'told'; readonly letter: Letter; readonly standing: Standing }
  | { readonly type: 'made'; readonly making: NewVoter; readonly words: readonly string[] }
  | { readonly type: 'written-down' }
  | { readonly type: 'see-words' }
  | { readonly type: 'checked' }
  | { readonly type: 'restored'; readonly making: NewVoter }
  | { readonly type: 'opened'; readonly voter: OpenedVoter }
  | { readonly type: 'forgotten' }
  | { readonly type: 'lock' }
  | { readonly type: 'back' };

/** The state after an event; one that does not fit where the voter is changes nothing. */
export function nextState(state: VoterState, event: VoterEvent): VoterState {
  switch (event.type) {
    case 'has-letter':
      if (state.at === 'opened') return { at: 'letter', voter: state.voter };
      return state.at === 'start' ? { at: 'letter' } : state;
    case 'has-backup':
      if (state.at === 'standing') return { at: 'restore', letter: state.letter };
      return state.at === 'start' ? { at: 'restore' } : state;
    case 'told': {
      const { letter, standing } = event;
      return state.at === 'letter' ? { at: 'standing', letter, standing, ...voterOf(state) } : state;
    }
    case 'made':
      return state.at === 'standing' ? { at: 'words', making: event.making, words: event.words } : state;
    case 'written-down':
      return state.at === 'words' ? { ...state, at: 'check' } : state;
    case 'see-words':
      return state.at === 'check' ? { ...state, at: 'words' } : state;
    case 'checked':
      return state.at === 'check' ? { at: 'passphrase', making: state.making } : state;
    case 'restored':
      return state.at === 'restore' ? { at: 'passphrase', making: event.making } : state;
    case 'opened':
      return { at: 'opened', voter: event.voter };
    case 'forgotten':
      return state.at === 'locked' ? { at: 'start' } : state;
    case 'lock':
      return state.at === 'opened' ? { at: 'locked' } : state;
    case 'back':
      return before(state);
  }
}

function voterOf({ voter }: { readonly voter?: OpenedVoter }): { readonly voter?: OpenedVoter } {
  return voter === undefined ? {} : { voter };
}

/** Where "back" leads: nothing that was kept is lost by it. */
function before(state: VoterState): VoterState {
  switch (state.at) {
    case 'letter':
      return state.voter === undefined ? { at: 'start' } : { at: 'opened', voter: state.voter };
    case 'standing':
      return { at: 'letter', ...voterOf(state) };
    case 'restore':
    case 'words':
    case 'check':
    case 'passphrase':
      return { at: 'start' };
    default:
      return state;
  }
}

/** Whether leaving the page now loses something that exists nowhere else. */
export function wouldLose({ at }: VoterState): boolean {
  return at === 'words' || at === 'check' || at === 'passphrase';
}
