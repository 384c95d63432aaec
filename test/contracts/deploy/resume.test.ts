import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { senderOfKey } from '../../../contracts/client/transact.ts';
import type { Sender } from '../../../contracts/client/transact.ts';
import { publishedBuilds } from '../../../contracts/deploy/builds.ts';
import { deployContracts } from '../../../contracts/deploy/deploy.ts';
import type { Deployment } from '../../../contracts/deploy/deployment.ts';
import type { DeployJournal, DeployStart } from '../../../contracts/deploy/resume.ts';
import { verifyDeployment } from '../../../contracts/deploy/verify.ts';
import { locateElection } from '../../../contracts/client/election.ts';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import { startTestChain } from '../fixture/test-chain.ts';
import { TRAPDOOR, connectTo, definitionFrom, draft, privateKey } from './development.ts';

let chain: EmbeddedChain;
beforeAll(async () => {
  chain = await startTestChain();
});
afterAll(() => chain.stop());

const sender = async (account: number): Promise<Sender> =>
  senderOfKey(await connectTo(chain), privateKey(chain, account));
const input = async () => {
  const definition = definitionFrom(draft(chain, await chain.now()));
  return { definition, keys: [TRAPDOOR.key], builds: publishedBuilds() };
};

/** Deploys until `steps` contracts are on chain, then stops as an interrupted program does. @returns where it began */
async function interrupted(
  from: Sender,
  wanted: Awaited<ReturnType<typeof input>>,
  steps: number,
): Promise<DeployStart> {
  let start: DeployStart | undefined;
  const journal: DeployJournal = { started: undefined, begin: (begun) => Promise.resolve(void (start = begun)) };
  const stop = ({ done }: { done: number }): void => {
    if (done === steps) throw new Error('interrupted');
  };
  await expect(deployContracts(from, wanted, stop, journal)).rejects.toThrow('interrupted');
  if (start === undefined) throw new Error('the journal was told nothing');
  return start;
}

function goOn(from: Sender, wanted: Awaited<ReturnType<typeof input>>, started: DeployStart): Promise<Deployment> {
  return deployContracts(from, wanted, undefined, { started, begin: () => Promise.reject(new Error('begun twice')) });
}

describe('deployContracts', () => {
  it('goes on after an interruption, wherever it was', async () => {
    const wanted = await input();
    for (const steps of [1, 4, 7]) {
      const from = await sender(steps);
      const started = await interrupted(from, wanted, steps);
      await chain.testClient.mine({ blocks: 2 });
      const deployment = await goOn(from, wanted, started);
      const { rpc } = from.connection;
      const sent = await rpc.getTransactionCount({ address: from.account.address });
      expect([steps, sent]).toEqual([steps, started.nonce + 7]);
      expect(deployment.deploymentBlock).toBe(started.block + 1);
      const at = await locateElection(from.connection, deployment.election);
      const answers = await verifyDeployment(at, wanted.definition, wanted.keys, wanted.builds);
      expect(answers.filter(({ ok }) => !ok)).toEqual([]);
    }
  });

  it('does not take for its own what the account sent in between', async () => {
    const [wanted, from] = [await input(), await sender(8)];
    const started = await interrupted(from, wanted, 2);
    await chain.wallet(8).sendTransaction({ to: from.account.address, value: 1n });
    await expect(goOn(from, wanted, started)).rejects.toMatchObject({ code: 'deploy/nonce' });
  });

  it('does not go on with another definition, or on a chain that knows nothing of it', async () => {
    const [wanted, from] = [await input(), await sender(9)];
    const started = await interrupted(from, wanted, 7);
    const definition = { ...wanted.definition, id: 'another' };
    await expect(goOn(from, { ...wanted, definition }, started)).rejects.toMatchObject({ code: 'deploy/nonce' });
    const ahead = { ...started, nonce: started.nonce + 100 };
    await expect(goOn(from, wanted, ahead)).rejects.toMatchObject({ code: 'deploy/nonce' });
  });
});
