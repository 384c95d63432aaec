import { useSpeech } from '../../frame/visitor.ts';
import { ShortForm } from './short-form.tsx';
import type { SlotSeen } from './ballot-tasks.ts';
import type { KeptBallot } from './kept-ballots.ts';

interface SlotNoteProps {
  readonly seen: SlotSeen | undefined;
  readonly kept: readonly KeptBallot[];
  readonly contest: number;
}

/** What the own slot holds (DESIGN §2.11): whether somebody has voted with this identity, and whether it is the ballot that this device cast. */
export function SlotNote({ seen, kept, contest }: SlotNoteProps) {
  const { say, number } = useSpeech();
  if (seen === undefined) return null;
  if (seen.isEmpty) return <p class="note">{say('vote.slot.empty')}</p>;
  const own = kept.filter(({ contest: of, state }) => of === contest && state !== 'returned');
  const isOwn = own.some(({ fingerprint }) => fingerprint === seen.fingerprint);
  const text = isOwn ? 'own' : own.length > 0 ? 'refreshed' : 'other';
  return (
    <div class="note">
      <p>{say(`vote.slot.${text}`, { round: number(seen.round) })}</p>
      <p>
        {say('vote.slot.fingerprint')} <ShortForm fingerprint={seen.fingerprint} />
      </p>
      <p>{say('vote.slot.change')}</p>
    </div>
  );
}
