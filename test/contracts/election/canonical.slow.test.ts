import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toFunctionSelector } from 'viem';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import { startTestChain } from '../fixture/test-chain.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import type { Deployed } from '../deploy-compiled.ts';
import { tellingData } from '../deploy-compiled.ts';
import { officersAct } from '../fixture/acts.ts';
import { encodingsOf } from '../fixture/calldata.ts';
import { approval, listsOf } from '../fixture/stages.ts';
import type { World } from '../fixture/world.ts';
import { deployWorld } from '../fixture/world.ts';

const NOT_CANONICAL = toFunctionSelector('NotCanonical()');
const signature: Hex = `0x${'01'.repeat(65)}`;
const word = wordHex(1n);

let chain: EmbeddedChain;
let world: World;
beforeAll(async () => {
  chain = await startTestChain();
  world = await deployWorld(chain);
});
afterAll(() => chain.stop());

/** What a call with this calldata ends with: the error's text, or undefined if it is taken. */
async function faultOf({ address }: Deployed, data: Hex): Promise<string | undefined> {
  const account = chain.account(0).address;
  const call = tellingData(chain.publicClient.call({ to: address, data, account }));
  return call.then(
    () => undefined,
    (error: unknown) => String(error),
  );
}

describe('a call that another encoding would make, too', () => {
  it('is taken in the canonical encoding only: nobody can hide an act from the record’s readers', async () => {
    const act = await officersAct(world, 'approve', await approval(world));
    const { canonical, others } = encodingsOf(world.election, 'approve', act);
    expect(others.map(([what]) => what)).toContain('signatures that stand before their list');
    expect(await faultOf(world.election, canonical)).toBeUndefined();
    for (const [, data] of others) expect(await faultOf(world.election, data)).toContain(NOT_CANONICAL);
  });

  const signatures = [signature, signature];
  const act = [9n, signatures] as const;
  const points = [1n, 2n];
  it.each([
    ['election', 'approve', [...act]],
    ['election', 'extend', [5n, word, ...act]],
    ['election', 'cancel', [word, ...act]],
    ['election', 'certify', [...act]],
    ['election', 'anchor', [5n, word, ...act]],
    ['roll', 'sealCredentials', [listsOf([1, 0, 2]), ...act]],
    ['roll', 'beginVersion', [word, word, ...act]],
    ['roll', 'append', [1n, 0n, [5n, 6n]]],
    ['roll', 'seal', [1n, ...act]],
    ['ceremony', 'commit', [1n, word, signature]],
    ['ceremony', 'reveal', [1n, points, points, 3n, word, signature]],
    ['ceremony', 'deal', [1n, `0x${'02'.repeat(80)}`, signature]],
    ['ceremony', 'confirm', [1n, signature]],
    ['ceremony', 'accuse', [1n, 2n, 0n, signature]],
    ['ceremony', 'answer', [1n, 2n, 0n, 5n, points, signature]],
    ['tally', 'postDecryption', [0n, 1n, points, [1n, 2n, 3n, 4n, 5n], signature]],
  ] as const)('%s.%s takes no other', async (part, name, args) => {
    const { canonical, others } = encodingsOf(world[part], name, args);
    expect(await faultOf(world[part], canonical)).not.toContain(NOT_CANONICAL);
    expect(others.length).toBeGreaterThanOrEqual(3);
    for (const [, data] of others) expect(await faultOf(world[part], data)).toContain(NOT_CANONICAL);
  });
});
