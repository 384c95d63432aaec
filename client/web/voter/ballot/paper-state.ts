import type { Hex } from '../../../../protocol/encoding.ts';
import type { BallotDraft } from './ballot-draft.ts';

/** Where a voter is with a ballot of one contest. The draft stays, so that a ballot can be made again after a challenge. Secret. */
export type PaperState =
  | { readonly at: 'fill'; readonly draft: BallotDraft; readonly isAsked: boolean }
  | { readonly at: 'review'; readonly draft: BallotDraft }
  | { readonly at: 'decide'; readonly draft: BallotDraft; readonly fingerprint: Hex }
  | { readonly at: 'challenged'; readonly draft: BallotDraft; readonly fingerprint: Hex; readonly opening: string };

export type PaperEvent =
  | { readonly type: 'changed'; readonly draft: BallotDraft }
  | { readonly type: 'filled'; readonly isRight: boolean }
  | { readonly type: 'encrypted'; readonly fingerprint: Hex }
  | { readonly type: 'opened'; readonly opening: string }
  | { readonly type: 'back' };

/** The state after an event; one that does not fit where the voter is changes nothing. */
export function nextPaper(state: PaperState, event: PaperEvent): PaperState {
  switch (event.type) {
    case 'changed':
      return state.at === 'fill' ? { ...state, draft: event.draft } : state;
    case 'filled':
      if (state.at !== 'fill') return state;
      return event.isRight ? { at: 'review', draft: state.draft } : { ...state, isAsked: true };
    case 'encrypted':
      return state.at === 'review' ? { at: 'decide', draft: state.draft, fingerprint: event.fingerprint } : state;
    case 'opened':
      return state.at === 'decide' ? { ...state, at: 'challenged', opening: event.opening } : state;
    case 'back':
      // What was encrypted is forgotten: the next ballot gets a fingerprint of its own.
      return state.at === 'review'
        ? { at: 'fill', draft: state.draft, isAsked: false }
        : { at: 'review', draft: state.draft };
  }
}
