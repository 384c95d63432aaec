import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readPoll, readSlot } from '../../contracts/client/ballots.ts';
import { readStatus } from '../../contracts/client/election.ts';
import { at } from '../../protocol/errors.ts';
import { PAYER } from '../contracts/deploy/development.ts';
import type { ServerWorld } from './world.ts';
import { openWorld } from './world.ts';

let world: ServerWorld;
beforeAll(async () => {
  world = await openWorld({ voters: [20, 2], lanes: 4 });
}, 120_000);
afterAll(() => world.close());

describe('openWorld', () => {
  it('is an open election whose contract takes the simulated votes', async () => {
    const { made, voters } = world;
    expect((await readStatus(made.at)).phase).toBe('open');
    const first = voters.vote(0, voters.nullifier(1), [1n, 0n, 0n, 0n, 0n, 0n, 0n, 0n]);
    const quick = voters.noise(0, voters.nullifier(2));
    await voters.post([first, quick], made.sender(PAYER));
    expect((await readPoll(made.at, 0)).nonEmpty).toBe(2);
    for (const { after } of [first, quick]) {
      expect((await readSlot(made.at, 0, after.nullifier)) >> 8n).toBe(after.head);
    }
    expect(at(voters.polls, 1).members).toBe(2);
  });
});
