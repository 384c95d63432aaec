import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeErrorResult, encodeAbiParameters, encodeDeployData, keccak256 } from 'viem';
import { compiled } from '../../../contracts/compile.ts';
import { wordAddress } from '../../../protocol/acts/signature.ts';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import { startTestChain } from '../fixture/test-chain.ts';
import { read } from '../deploy-compiled.ts';
import type { TestConfig } from '../fixture/config.ts';
import { singleChoice } from '../fixture/config.ts';
import type { World } from '../fixture/world.ts';
import { configOn, deployWorld } from '../fixture/world.ts';

let chain: EmbeddedChain;
let world: World;
beforeAll(async () => {
  chain = await startTestChain();
  world = await deployWorld(chain);
});
afterAll(() => chain.stop());

const PART = '0x00000000000000000000000000000000000000aa';
const { abi, bytecode } = compiled('Election');
type Refusal = readonly [string, readonly unknown[]];

/** What construction refuses the changed definition with. */
async function refused(change: (config: TestConfig) => void): Promise<Refusal | undefined> {
  const data = encodeDeployData({ abi, bytecode, args: [await configOn(chain, change), PART, PART, PART, PART] });
  try {
    await chain.publicClient.call({ data, account: chain.account(0).address });
    return undefined;
  } catch (error) {
    const { errorName, args } = decodeErrorResult({ abi, data: revertData(error) });
    return [errorName, args ?? []];
  }
}

function revertData(error: unknown): `0x${string}` {
  for (let inner: unknown = error; inner instanceof Error; inner = inner.cause) {
    const { data } = inner as { readonly data?: unknown };
    if (typeof data === 'string' && data.startsWith('0x')) return data as `0x${string}`;
  }
  throw error;
}

describe('Election constructor', () => {
  it('accepts the sound definition that the cases below spoil', async () => {
    expect(await refused(() => undefined)).toBeUndefined();
  });

  const cases: Record<string, [(config: TestConfig) => void, Refusal]> = {
    'registration that closes before it opens': [
      (c) => (c.times.registrationCloses = c.times.registrationOpens),
      ['BadTimes', ['registrationCloses']],
    ],
    'no time to challenge the roll before the polls open': [
      (c) => (c.times.opensAt = c.times.registrationCloses + c.times.challengeSeconds - 1n),
      ['BadTimes', ['opensAt']],
    ],
    'rounds without a last quarter': [(c) => (c.times.closesAt = c.times.opensAt + 7n), ['BadTimes', ['closesAt']]],
    'times beyond 2^40': [(c) => (c.times.closesAt = (1n << 40n) + 1n), ['BadTimes', ['closesAt']]],
    'no challenge period': [(c) => (c.times.challengeSeconds = 0n), ['BadNumber', ['challengeSeconds', 0n]]],
    'no grace': [(c) => (c.times.graceSeconds = 3n), ['BadNumber', ['graceSeconds', 3n]]],
    'no settling': [(c) => (c.times.settleSeconds = 0n), ['BadNumber', ['settleSeconds', 0n]]],
    'an extension of years': [
      (c) => (c.times.maxExtensionSeconds = 31_622_401n),
      ['BadNumber', ['maxExtensionSeconds', 31_622_401n]],
    ],
    'no rounds': [(c) => (c.maskRounds = 0n), ['BadNumber', ['maskRounds', 0n]]],
    'more rounds than a slot can number': [(c) => (c.maskRounds = 65n), ['BadNumber', ['maskRounds', 65n]]],
    'no officers': [(c) => (c.officers = []), ['BadNumber', ['officers', 0n]]],
    'a quorum of none': [(c) => (c.quorum = 0n), ['BadNumber', ['quorum', 0n]]],
    'a quorum above the number of officers': [(c) => (c.quorum = 4n), ['BadNumber', ['quorum', 4n]]],
    'two officers with one key': [(c) => (c.officers[2] = c.officers[0]!), ['BadKey', ['officers', 2n]]],
    'two trustees with one key': [(c) => (c.trustees[4] = c.trustees[1]!), ['BadKey', ['trustees', 4n]]],
    'a trustee without a key': [
      (c) => (c.trustees[0] = '0x0000000000000000000000000000000000000000'),
      ['BadKey', ['trustees', 0n]],
    ],
    'a threshold of none': [(c) => (c.threshold = 0n), ['BadNumber', ['threshold', 0n]]],
    'a threshold above the number of trustees': [(c) => (c.threshold = 6n), ['BadNumber', ['threshold', 6n]]],
    'no boxes': [(c) => (c.boxes = []), ['BadNumber', ['boxes', 0n]]],
    'one box twice': [(c) => (c.boxes[1] = c.boxes[0]!), ['BadKey', ['boxes', 1n]]],
    'no registrar': [
      (c) => (c.registrar = '0x0000000000000000000000000000000000000000'),
      ['BadKey', ['registrar', 0n]],
    ],
    'a district without voters': [(c) => (c.voters[1] = 0n), ['BadNumber', ['voters', 0n]]],
    'a district deeper than the tree': [
      (c) => (c.voters[1] = (1n << 20n) + 1n),
      ['BadNumber', ['voters', (1n << 20n) + 1n]],
    ],
    'no anonymity set': [(c) => (c.minAnonymitySet = 0n), ['BadNumber', ['minAnonymitySet', 0n]]],
    'lanes without a circuit': [(c) => (c.contests[0] = singleChoice(2, 2)), ['BadContest', [0n, 'lanes']]],
    'a rule with too few options': [(c) => c.contests[1]!.rule.max.pop(), ['BadContest', [1n, 'max']]],
    'a rule with too few prices': [(c) => c.contests[1]!.rule.price.pop(), ['BadContest', [1n, 'price']]],
    'a value wider than 10 bits': [(c) => (c.contests[1]!.rule.max[0] = 1n << 10n), ['BadContest', [1n, 'max']]],
    'a price wider than 32 bits': [(c) => (c.contests[1]!.rule.price[0] = 1n << 32n), ['BadContest', [1n, 'price']]],
    'a total wider than the comparator': [
      (c) => (c.contests[1]!.rule.maxTotal = 1n << 32n),
      ['BadContest', [1n, 'maxTotal']],
    ],
    'a least total above the greatest': [(c) => (c.contests[1]!.rule.minTotal = 2n), ['BadContest', [1n, 'minTotal']]],
    'a least total that nobody can reach': [
      (c) => ([c.contests[1]!.rule.minTotal, c.contests[1]!.rule.maxTotal] = [9n, 9n]),
      ['BadContest', [1n, 'minTotal']],
    ],
    'counts wider than half a lane': [
      (c) => {
        c.voters = Array.from({ length: 5 }, () => 1n << 20n);
        c.polls.splice(3, 0, { contest: 0, district: 3, unit: 2 }, { contest: 0, district: 4, unit: 2 });
        c.contests[0]!.rule.max = [1_023n, 0n];
      },
      ['CountSearchTooLarge', [0n, 0n]],
    ],
    'counts that cannot be searched for': [
      (c) => {
        c.voters[0] = 20_000n;
        c.contests[1]!.rule.max = [1n, 1n, 1_023n, 1_023n, 0n, 0n, 0n, 0n];
      },
      ['CountSearchTooLarge', [1n, 1n]],
    ],
    'units out of the order of contests': [
      (c) => ([c.units[0]!.contest, c.units[3]!.contest] = [1, 0]),
      ['BadUnit', [0n, 'contest']],
    ],
    'a contest without units': [
      (c) => {
        c.units.pop();
        c.polls = c.polls.slice(0, 3);
      },
      ['BadContest', [1n, 'units']],
    ],
    'a unit merged into itself': [(c) => (c.units[0]!.mergeInto = 1), ['BadUnit', [0n, 'mergeInto']]],
    'a unit merged into none': [(c) => (c.units[0]!.mergeInto = 5), ['BadUnit', [0n, 'mergeInto']]],
    'a unit merged into another contest': [(c) => (c.units[0]!.mergeInto = 4), ['BadUnit', [0n, 'mergeInto']]],
    'merging in two levels': [(c) => (c.units[2]!.mergeInto = 2), ['BadUnit', [2n, 'mergeInto']]],
    'overlapping units': [(c) => (c.polls[1]!.district = 0), ['BadPoll', [1n, 'district']]],
    'a poll of another contest than its unit': [(c) => (c.polls[2]!.contest = 1), ['BadPoll', [2n, 'contest']]],
    'a poll in no district': [(c) => (c.polls[2]!.district = 3), ['BadPoll', [2n, 'district']]],
    'polls out of the order of units': [
      (c) => ([c.polls[0], c.polls[1]] = [c.polls[1]!, c.polls[0]!]),
      ['BadPoll', [0n, 'unit']],
    ],
    'a unit without districts': [
      (c) => {
        c.units.push({ contest: 1, mergeInto: 0 });
      },
      ['BadUnit', [4n, 'districts']],
    ],
    'a ceremony too large for one transaction': [
      (c) => {
        c.trustees = Array.from({ length: 32 }, (_, i) => wordAddress(BigInt(i + 1)));
        c.threshold = 9n;
      },
      ['BadNumber', ['trustees', 32n * 9n * 4n]],
    ],
  };
  for (const [what, [change, refusal]] of Object.entries(cases)) {
    it(`refuses ${what}`, async () => {
      expect(await refused(change)).toEqual(refusal);
    });
  }

  it('hashes the configuration as ABI-encoded', async () => {
    const constructor = abi.find((item) => item.type === 'constructor');
    const config = constructor?.inputs[0];
    if (config === undefined) throw new Error('the constructor takes no configuration');
    const encoded = encodeAbiParameters([config], [world.config]);
    expect(await read(chain, world.election, 'configHash')).toBe(keccak256(encoded));
  });

  it('answers with what it was defined with', async () => {
    const { config } = world;
    for (const [i, contest] of config.contests.entries()) {
      expect(await read(chain, world.election, 'contest', [i])).toEqual(contest);
    }
    for (const [i, poll] of config.polls.entries()) {
      expect(await read(chain, world.election, 'poll', [i])).toEqual(poll);
    }
    for (const [i, unit] of config.units.entries()) {
      expect(await read(chain, world.election, 'unit', [i])).toEqual(unit);
    }
    expect(await read(chain, world.election, 'times')).toEqual(config.times);
    expect(await read(chain, world.election, 'unitPolls', [3])).toEqual([3n, 3n]);
    expect(await read(chain, world.election, 'contestUnits', [0])).toEqual([0n, 3n]);
    expect(await read(chain, world.election, 'contestUnits', [1])).toEqual([3n, 1n]);
    expect(await read(chain, world.election, 'keyLanes')).toBe(4n);
    expect(await read(chain, world.election, 'boxNumber', [chain.account(3).address])).toBe(2n);
    expect(await read(chain, world.election, 'boxNumber', [chain.account(4).address])).toBe(0n);
    expect(await read<string>(chain, world.election, 'trustee', [5])).toMatch(new RegExp(config.trustees[4]!, 'i'));
    expect(BigInt(await read<string>(chain, world.election, 'trustee', [6]))).toBe(0n);
    expect(BigInt(await read<string>(chain, world.election, 'trustee', [0]))).toBe(0n);
  });
});
