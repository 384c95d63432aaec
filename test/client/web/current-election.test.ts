import { describe, expect, it } from '@jest/globals';
import type { ElectionView } from '../../../client/web/service/election-view.ts';
import { follow } from '../../../client/web/service/use-current-election.ts';

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
