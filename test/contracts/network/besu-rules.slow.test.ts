import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readUnitResult } from '../../../contracts/client/tally.ts';
import { senderOfKey } from '../../../contracts/client/transact.ts';
import { deployContracts } from '../../../contracts/deploy/deploy.ts';
import { verifyDeployment } from '../../../contracts/deploy/verify.ts';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import { encodeElectionArguments } from '../../../protocol/config/config.ts';
import { toConfig } from '../../../protocol/config/to-config.ts';
import type { Definition } from '../../../protocol/definition/definition.ts';
import type { DeployedElection } from '../deploy/development.ts';
import {
  PAYER,
  TRAPDOOR,
  connectTo,
  definitionFrom,
  deployDevelopment,
  draft,
  privateKey,
} from '../deploy/development.ts';
import { COUNTS, Story } from '../follower/story.ts';
import { fromScratch, kindsOf } from '../follower/follower.ts';
import { startBesuRules } from './besu-rules.ts';

let chain: EmbeddedChain;
let made: DeployedElection;

beforeAll(async () => {
  chain = await startBesuRules(0);
  made = await deployDevelopment(chain);
}, 300_000);
afterAll(() => chain.stop());

/** A yes/no question in so many districts, each with a poll and a unit of its own. */
function inDistricts(count: number, start: number): Definition {
  const title = { en: 'x', fr: 'x', ru: 'x' };
  const districts = Array.from({ length: count }, (_, i) => ({ id: `d-${i}`, title, voters: 100 }));
  const value = draft(chain, start);
  const [contest] = value['contests'] as object[];
  const units = districts.map(({ id }) => ({ id, districts: [id], mergeInto: null }));
  return definitionFrom({ ...value, districts, contests: [{ ...contest, units }] });
}

describe('an election under the rules of a Besu network', () => {
  it('goes from deployment to certified counts though nobody has any money', async () => {
    const story = new Story(chain, made);
    await story.approveAndSeal();
    await story.makeKeys();
    await story.makeRoll();
    await story.extendAndPrepare();
    await story.vote();
    await story.count();
    expect(await readUnitResult(made.at, 0)).toMatchObject({ counted: true, counts: COUNTS });
    const record = await fromScratch(made);
    expect(kindsOf(record).at(-1)).toBe('certify');
    const blocks = [...new Set(record.map(({ block }) => block))];
    for (const number of blocks) {
      const block = await chain.publicClient.getBlock({ blockNumber: BigInt(number), includeTransactions: true });
      expect([block.baseFeePerGas, block.transactions.every(({ maxFeePerGas }) => maxFeePerGas === 0n)]).toEqual([
        0n,
        true,
      ]);
    }
    expect(await chain.publicClient.getBalance({ address: chain.account(PAYER).address })).toBe(0n);
  }, 600_000);

  it('is deployed as it was compiled', async () => {
    const answers = await verifyDeployment(made.at, made.definition, [TRAPDOOR.key], made.builds);
    expect(answers.filter(({ ok }) => !ok)).toEqual([]);
    expect(answers.length).toBeGreaterThan(7);
  });
});

describe('a contract whose creation is larger than such a network takes (EIP-3860)', () => {
  it('is refused before anything is sent', async () => {
    const definition = inDistricts(200, await chain.now());
    const address = made.deployment.election;
    const parts = { roll: address, ceremony: address, ballots: address, tally: address };
    const args = encodeElectionArguments(toConfig(definition), parts);
    const size = (made.builds.election.code.length - 2) / 2 + args.length;
    expect(size).toBeGreaterThan(49_152);
    const connection = await connectTo(chain);
    const sender = senderOfKey(connection, privateKey(chain, PAYER));
    const count = (): Promise<number> =>
      chain.publicClient.getTransactionCount({ address: chain.account(PAYER).address });
    const before = await count();
    const input = { definition, keys: [TRAPDOOR.key], builds: made.builds };
    await expect(deployContracts(sender, input)).rejects.toMatchObject({
      code: 'deploy/too-large',
      message: expect.stringContaining(`"election" takes ${size} bytes, a besu-qbft chain takes 49152`),
    });
    expect(await count()).toBe(before);
    // It is the chain's rule: without the check, all parts but the last one are there when it refuses.
    const unaware = { ...connection, profile: { ...connection.profile, creationLimit: undefined } };
    await expect(deployContracts({ ...sender, connection: unaware }, input)).rejects.toMatchObject({
      code: 'chain/node',
    });
    expect(await count()).toBe(before + 6);
  }, 300_000);
});
