import { describe, expect, it } from '@jest/globals';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import { read } from '../deploy-compiled.ts';
import type { TestList } from '../fixture/stages.ts';
import { credentialsAct, listsOf, sealCredentials } from '../fixture/stages.ts';
import type { Refusal } from '../fixture/suite.ts';
import { approvedSuite } from '../fixture/suite.ts';
import type { World } from '../fixture/world.ts';
import { refusal } from '../fixture/world.ts';

let chain: EmbeddedChain;
let world: World;
approvedSuite((begun) => {
  [world, chain] = [begun, begun.chain];
});

describe('sealCredentials', () => {
  const tryLists = async (lists: TestList[]): Promise<Refusal> =>
    refusal(world, world.roll, 'sealCredentials', [lists, ...(await credentialsAct(world, lists))]);

  it('seals every district’s lists once', async () => {
    await sealCredentials(world, [1_000, 0, 2]);
    expect(await read(chain, world.roll, 'credentials', [0n])).toEqual(listsOf([1_000])[0]);
    expect(await tryLists(listsOf([1, 1, 1]))).toEqual(['CredentialsAlreadySealed', []]);
  });

  it('refuses more credentials than voters, and a reserve larger than the district', async () => {
    expect(await tryLists(listsOf([1_001, 0, 2]))).toEqual(['BadCredentials', [0n]]);
    const [first, second, third] = listsOf([1, 1, 1]) as [TestList, TestList, TestList];
    const reserve = { ...second, reserveRoot: wordHex(9n), reserveCount: 41n };
    expect(await tryLists([first, reserve, third])).toEqual(['BadCredentials', [1n]]);
  });

  it('refuses an empty list with a root and a root without a list', async () => {
    const [first, second, third] = listsOf([1, 1, 1]) as [TestList, TestList, TestList];
    expect(await tryLists([first, second, { ...third, count: 0n }])).toEqual(['BadCredentials', [2n]]);
    expect(await tryLists([{ ...first, root: wordHex(0n) }, second, third])).toEqual(['BadCredentials', [0n]]);
    expect(await tryLists([first, { ...second, reserveCount: 1n }, third])).toEqual(['BadCredentials', [1n]]);
  });

  it('refuses lists for fewer or more districts', async () => {
    expect(await tryLists(listsOf([1, 1]))).toEqual(['WrongDistrictCount', [2n, 3n]]);
    expect(await tryLists(listsOf([1, 1, 1, 1]))).toEqual(['WrongDistrictCount', [4n, 3n]]);
  });

  it('refuses lists other than those that were signed', async () => {
    const act = await credentialsAct(world, listsOf([1, 1, 1]));
    expect((await refusal(world, world.roll, 'sealCredentials', [listsOf([1, 1, 2]), ...act]))![0]).toBe(
      'NotAnOfficer',
    );
  });

  it('refuses lists once registration has opened', async () => {
    const opens = world.config.times.registrationOpens;
    await chain.advanceTo(Number(opens));
    expect(await tryLists(listsOf([1, 1, 1]))).toEqual(['TooLate', [opens, opens]]);
  });
});
