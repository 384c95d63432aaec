import { useSpeech } from '../../frame/visitor.ts';
import type { DeskNews } from './ballot-desk.ts';

/** What goes on behind while the voter reads: finding the slot, downloading, preparing. Said politely, and only when it changes. */
export function DeskProgress({ news: { step, done, all } }: { readonly news: DeskNews }) {
  const { say, share } = useSpeech();
  const isLoading = step === 'circuit' && all > 0;
  const text = say(`vote.desk.${step}`);
  return (
    <div class="desk">
      <p role="status" class="note">
        {text}
      </p>
      {isLoading && (
        <p class="note">
          <progress aria-label={text} max={all} value={done} /> {share(done, all)}
        </p>
      )}
    </div>
  );
}
