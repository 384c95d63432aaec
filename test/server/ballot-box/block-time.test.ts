import { expect, it } from '@jest/globals';
import type { Connection } from '../../../contracts/client/connection.ts';
import type { ChainTime } from '../../../server/ballot-box/followed/block-time.ts';
import { blockTimeOf } from '../../../server/ballot-box/followed/block-time.ts';
import { codeOf } from './own-store.ts';

it('is what the node tells; where it does not, what it may be by now, and for how long; none before any was told', async () => {
  let [clock, told]: [number, number | undefined] = [0, undefined];
  const getBlock = (): Promise<unknown> =>
    told === undefined ? Promise.reject(new Error('fetch failed')) : Promise.resolve({ timestamp: BigInt(told) });
  const rpc = { getBlock } as unknown as Pick<Connection['rpc'], 'getBlock'>;
  const blockTime = blockTimeOf({ rpc }, () => clock);
  const after = (milliseconds: number): Promise<ChainTime> => ((clock += milliseconds), blockTime());
  expect(await codeOf(blockTime())).toBe('chain/node');
  told = 1_000;
  expect(await after(300)).toEqual({ time: 1_000, silence: 0 });
  // A chain that stands still is seen all the same.
  expect(await after(60_000)).toEqual({ time: 1_000, silence: 0 });
  told = undefined;
  expect(await after(100)).toEqual({ time: 1_000, silence: 0 });
  expect(await after(2_400)).toEqual({ time: 1_002, silence: 2.5 });
  expect(await after(100)).toEqual({ time: 1_002, silence: 2.6 });
  told = 1_003;
  expect(await after(1_000)).toEqual({ time: 1_003, silence: 0 });
});
