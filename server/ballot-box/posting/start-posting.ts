import { randomBytes } from '../../../protocol/node/random.ts';
import type { ProveMask } from '../masks/lay-masks.ts';
import type { BoxService } from '../service.ts';
import { postForever } from './poster.ts';

/** Posting under way. */
export interface RunningPosting {
  /** Ends it in order: what was signed is stored, and whoever starts next goes on with it. */
  end(): Promise<void>;
}

/** Begins to post for a box, as soon as no other process of the box does. @param windowSeconds - for which first casts are collected */
export function startPosting(
  { app, intake, election, office }: BoxService,
  proveMask: ProveMask,
  windowSeconds: number,
): RunningPosting {
  const { store, followed, config, findPoll } = intake;
  const ended = new AbortController();
  const told = app.metrics.counter('urna_box_posting', 'What posting did or met, by code', ['code', 'count']);
  const parts = {
    ...{ store, followed, config, findPoll, at: election.at, sender: office.sender },
    ...{ proveMask, windowSeconds, random: randomBytes },
    note: (code: string, counts: Readonly<Record<string, number>> = {}) => {
      app.server.log.info({ code, ...counts }, 'posting');
      told.inc({ code, count: 'times' });
      for (const [count, value] of Object.entries(counts)) told.inc({ code, count }, value);
    },
  };
  const running = postForever(parts, ended.signal);
  return {
    end: async () => {
      ended.abort();
      await running;
    },
  };
}
