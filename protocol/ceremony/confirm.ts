import { require } from '../errors.ts';
import type { MessageOf } from './messages.ts';
import { shareHolds } from './polynomial.ts';
import type { Accusation, CeremonyState } from './state.ts';
import { commitmentsOf, restart, transcriptHash } from './state.ts';

function isOpen({ share }: Accusation): boolean {
  return share === undefined;
}

/** An accusation and a right answer leave everyone a full stage to react. */
function prolonged(state: CeremonyState, time: number): number {
  return Math.max(state.deadline, time + state.setup.stageSeconds);
}

/** @throws `ceremony/repeated`, `ceremony/open-accusation`, `ceremony/transcript` */
export function applyConfirm(state: CeremonyState, { trustee, transcript }: MessageOf<'confirm'>): CeremonyState {
  require(!state.confirmed.has(trustee), 'ceremony/repeated', `trustee ${trustee} has already confirmed`);
  const waits = state.accusations.some((accusation) => accusation.accuser === trustee && isOpen(accusation));
  require(!waits, 'ceremony/open-accusation', `trustee ${trustee} still waits for an answer`);
  require(transcript === transcriptHash(state), 'ceremony/transcript', 'the confirmation is for another transcript');
  return { ...state, confirmed: new Set([...state.confirmed, trustee]) };
}

/** @throws `ceremony/late`, `ceremony/repeated`, `ceremony/accusation` */
export function applyAccuse(state: CeremonyState, message: MessageOf<'accuse'>): CeremonyState {
  const { trustee: accuser, dealer, lane, time } = message;
  require(time <= state.accuseUntil, 'ceremony/late', 'accusations are no longer taken');
  require(!state.confirmed.has(accuser), 'ceremony/accusation', 'who has confirmed cannot accuse');
  require(dealer !== accuser &&
    state.active.includes(dealer), 'ceremony/accusation', 'the accused is no other active trustee');
  require(Number.isInteger(lane) &&
    lane >= 0 &&
    lane < state.setup.lanes, 'ceremony/accusation', `there is no lane ${lane}`);
  const known = state.accusations.some((a) => a.accuser === accuser && a.dealer === dealer && a.lane === lane);
  require(!known, 'ceremony/repeated', 'this accusation has been made');
  return { ...state, deadline: prolonged(state, time), accusations: [...state.accusations, { accuser, dealer, lane }] };
}

/** @throws `ceremony/accusation` if there is no such open accusation */
export function applyAnswer(state: CeremonyState, message: MessageOf<'answer'>): CeremonyState {
  const { trustee: dealer, accuser, lane, share, time } = message;
  const answered = state.accusations.find(
    (a) => a.dealer === dealer && a.accuser === accuser && a.lane === lane && isOpen(a),
  );
  require(answered !== undefined, 'ceremony/accusation', 'there is no such open accusation');
  if (!shareHolds(share, commitmentsOf(state, dealer, lane), accuser)) {
    return restart(state, [{ trustee: dealer, reason: 'wrong-answer' }], time);
  }
  const accusations = state.accusations.map((a) => (a === answered ? { ...a, share } : a));
  const opened = new Set(accusations.filter((a) => !isOpen(a)).map((a) => a.accuser));
  if (opened.size > 1) return restart(state, [], time);
  return { ...state, deadline: prolonged(state, time), accusations };
}

/** Whom a time-out of the confirm stage names: the accused that never answered, and who said nothing at all. */
export function namedInConfirm(state: CeremonyState): { trustee: number; reason: 'missing' | 'no-answer' }[] {
  const open = state.accusations.filter(isOpen);
  return state.active.flatMap((trustee): { trustee: number; reason: 'missing' | 'no-answer' }[] => {
    if (open.some((accusation) => accusation.dealer === trustee)) return [{ trustee, reason: 'no-answer' }];
    const silent = !state.confirmed.has(trustee) && !open.some((accusation) => accusation.accuser === trustee);
    return silent ? [{ trustee, reason: 'missing' }] : [];
  });
}
