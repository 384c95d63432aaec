import { describe, expect, it } from '@jest/globals';
import type { ElectionView } from '../../../client/web/service/election-view.ts';
import { isVoting, phaseText } from '../../../client/web/service/election-view.ts';
import { follow, untilTurn } from '../../../client/web/service/use-current-election.ts';

const view = (block: number, phase: string, hash = '0x01', election = '0x02'): ElectionView =>
  ({ block, phase, definition: {}, definitionHash: hash, context: { election } }) as unknown as ElectionView;

describe('an election that is looked at again', () => {
  const known = view(5, 'ready');

  it('is where the newer answer says, with the same definition', () => {
    const now = follow(known, view(6, 'open'));
    expect(now).toMatchObject({ block: 6, phase: 'open' });
    expect(now.definition).toBe(known.definition);
    expect(now.context).toBe(known.context);
  });

  it('stays as it is for an older answer, and for one about another election', () => {
    for (const answer of [view(4, 'open'), view(6, 'open', '0x03'), view(6, 'open', '0x01', '0x04')])
      expect(follow(known, answer)).toBe(known);
  });
});

describe('voting', () => {
  const times = { opensAt: 100, closesAt: 200, graceEndsAt: 250 };
  const at = (time: number, phase: ElectionView['phase']) => ({ ...times, time, phase });

  it('is over for voters from the close on, though the phase lasts to the end of the grace', () => {
    const seen = [at(99, 'ready'), at(100, 'open'), at(199, 'open'), at(200, 'open'), at(250, 'closed')];
    expect(seen.map(isVoting)).toEqual([false, true, true, false, false]);
    expect(seen.map(phaseText)).toEqual(['phase.ready', 'phase.open', 'phase.open', 'phase.grace', 'phase.closed']);
    expect(isVoting(at(150, 'cancelled'))).toBe(false);
  });

  it('has moments at which pages look again: opening, close and the end of the grace', () => {
    const waits = [10, 100, 199, 200, 250].map((time) => untilTurn({ ...times, time }));
    expect(waits).toEqual([90, 100, 1, 50, undefined]);
  });
});
