import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import type { ProvingArtifacts } from '../../../circuits/artifacts.ts';
import { readProvingArtifacts } from '../../../circuits/artifacts.ts';
import { locateElection } from '../../../contracts/client/election.ts';
import type { Sender } from '../../../contracts/client/transact.ts';
import { senderOfKey } from '../../../contracts/client/transact.ts';
import { publishedBuilds } from '../../../contracts/deploy/builds.ts';
import { deployContracts, deployElection } from '../../../contracts/deploy/deploy.ts';
import { gatedKeys } from '../../../contracts/deploy/gate.ts';
import { verifyDeployment } from '../../../contracts/deploy/verify.ts';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import type { Json } from '../../../protocol/canonical-json.ts';
import { parseJson } from '../../../protocol/canonical-json.ts';
import { setupHash } from '../../../protocol/checks/setup-hash.ts';
import type { Definition } from '../../../protocol/definition/definition.ts';
import { encodeHex, wordHex } from '../../../protocol/encoding.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import { sha256 } from '../../../protocol/hash.ts';
import { terminate } from '../../../protocol/math/groth16.ts';
import type { VerifyingKey } from '../../../protocol/math/groth16-key.ts';
import { decodeVerifyingKey, encodeVerifyingKey } from '../../../protocol/math/groth16-key.ts';
import { startTestChain } from '../fixture/test-chain.ts';
import { TRAPDOOR, connectTo, definitionFrom, draft, privateKey } from './development.ts';

const TITLE = { en: 'Option', fr: 'Option', ru: 'Option' };
const folder = join(import.meta.dirname, '../../../circuits/artifacts');
const real = readProvingArtifacts(folder, 'ballot-2', 'development');
const realKey = decodeVerifyingKey(parseJson(real.verifyingKeyBytes));

function hashOf(circuits: readonly ProvingArtifacts[]): string {
  return wordHex(setupHash(circuits.map(({ lanes, manifestBytes }) => ({ lanes, manifest: manifestBytes }))));
}

let chain: EmbeddedChain;
let sender: Sender;
beforeAll(async () => {
  chain = await startTestChain();
  sender = senderOfKey(await connectTo(chain), privateKey(chain, 0));
});
afterAll(async () => {
  await chain.stop();
  await terminate();
});

async function definition(circuits: readonly ProvingArtifacts[]): Promise<Definition> {
  return definitionFrom({ ...draft(chain, await chain.now()), setupHash: hashOf(circuits) });
}

/** The circuit with another key, as someone would forge it: the manifest names the key's hash. */
function forged(key: VerifyingKey, change: Partial<ProvingArtifacts['manifest']> = {}): ProvingArtifacts {
  const verifyingKeyBytes = new TextEncoder().encode(JSON.stringify(encodeVerifyingKey(key)));
  const files = { ...real.manifest.files, 'vkey.json': encodeHex(sha256(verifyingKeyBytes)) };
  const manifest = { ...real.manifest, files, ...change };
  return { ...real, manifest, verifyingKeyBytes, manifestBytes: new TextEncoder().encode(JSON.stringify(manifest)) };
}

describe('deployElection', () => {
  it('deploys with the circuits that the definition names', async () => {
    const named = await definition([real]);
    const builds = publishedBuilds();
    const deployment = await deployElection(sender, { definition: named, circuits: [real], builds });
    const at = await locateElection(sender.connection, deployment.election);
    const answers = await verifyDeployment(at, named, await gatedKeys(named, [real]), builds);
    expect(answers.filter(({ ok }) => !ok)).toEqual([]);
  });

  it('deploys sixteen options with the circuit of eight lanes', async () => {
    const large = readProvingArtifacts(folder, 'ballot-16', 'development');
    const value = draft(chain, await chain.now());
    const [contest] = value['contests'] as unknown as [{ options: readonly unknown[] }];
    const options = Array.from({ length: 16 }, (_, i) => ({ id: `option-${i}`, title: TITLE }));
    const named = definitionFrom({
      ...value,
      contests: [{ ...contest, options }] as unknown as Json,
      setupHash: hashOf([large]),
    });
    const deployment = await deployElection(sender, {
      definition: named,
      circuits: [large],
      builds: publishedBuilds(),
    });
    expect(deployment.circuitKeys).toEqual([expect.objectContaining({ lanes: 8 })]);
    const wrong = deployElection(sender, { definition: named, circuits: [real], builds: publishedBuilds() });
    await expect(wrong).rejects.toThrow(expect.objectContaining({ code: 'setup/hash' }));
  });

  it('leaves a trapdoor on chain to be found, where someone deployed without the gate', async () => {
    const [named, builds] = [await definition([real]), publishedBuilds()];
    const deployment = await deployContracts(sender, { definition: named, keys: [TRAPDOOR.key], builds });
    const at = await locateElection(sender.connection, deployment.election);
    const answers = await verifyDeployment(at, named, await gatedKeys(named, [real]), builds);
    const wrong = answers.filter(({ ok }) => !ok).map(({ step, detail }) => `${step} ${detail}`);
    expect(wrong).toEqual([
      'keys is no verifying key of the setup, or a repeated one',
      'keys 1 verifying keys are not on chain',
    ]);
  });

  const refusals = async (circuit: ProvingArtifacts, named = circuit): Promise<string> => {
    const before = await sender.connection.rpc.getTransactionCount({ address: sender.account.address });
    const input = { definition: await definition([named]), circuits: [circuit], builds: publishedBuilds() };
    const error: unknown = await deployElection(sender, input).catch((reason: unknown) => reason);
    const after = await sender.connection.rpc.getTransactionCount({ address: sender.account.address });
    expect(after).toBe(before);
    return error instanceof UrnaError ? `${error.code} ${error.message}` : String(error);
  };

  it('sends nothing with circuits that the definition does not name', async () => {
    const { key } = TRAPDOOR;
    expect(await refusals(real, forged(key))).toMatch(/^setup\/hash /);
  });

  it('sends nothing with the bench’s trapdoor key, which no transcript names', async () => {
    const swapped = { ...forged(TRAPDOOR.key), manifest: real.manifest, manifestBytes: real.manifestBytes };
    expect(await refusals(swapped)).toBe(
      'setup/refused ballot-2: the key is not the one of the transcript\nballot-2: the proving key belongs to another verifying key',
    );
  });

  it('sends nothing with the trapdoor key under a manifest that names it: its delta is not the contributions’', async () => {
    const reason = 'setup/refused ballot-2: the proving key belongs to another verifying key';
    expect(await refusals(forged(TRAPDOOR.key))).toBe(reason);
  });

  it('sends nothing where the transcript names a contribution that the proving key does not hold', async () => {
    const more = { name: 'development 4', hash: encodeHex(new Uint8Array(64)) };
    const claimed = forged(realKey, { contributions: [...real.manifest.contributions, more] });
    expect(await refusals(claimed)).toMatch(/names 4 contributions, the proving key holds 3$/);
  });

  it('sends nothing where a contribution was replaced', async () => {
    const contributions = real.manifest.contributions.map((each, i) => (i === 1 ? { ...each, name: 'Mallory' } : each));
    expect(await refusals(forged(realKey, { contributions }))).toMatch(
      /contribution 2 is not the one of the transcript$/,
    );
  });

  it('sends nothing for another statement', async () => {
    expect(await refusals(forged(realKey, { r1cs: `0x${'17'.repeat(32)}` }))).toMatch(/for another statement/);
  });

  it('sends nothing without a beacon', async () => {
    expect(await refusals(forged(realKey, { beacon: null }))).toMatch(/ballot-2: no beacon closes the contributions/);
  });

  it('sends nothing with development keys in a rehearsal', async () => {
    const named = await definition([real]);
    const gate = gatedKeys({ ...named, environment: 'rehearsal' }, [real]);
    await expect(gate).rejects.toThrow('the setup was made for development only');
  });

  it('sends nothing with a key that anyone can forge proofs for, or that nobody contributed to', async () => {
    const equal = { ...TRAPDOOR.key, delta: TRAPDOOR.key.gamma };
    expect(await refusals(forged(equal))).toMatch(/^setup\/refused ballot-2: gamma equals delta/);
    const few = { contributions: real.manifest.contributions.slice(0, 1) };
    expect(await refusals(forged(TRAPDOOR.key, few))).toMatch(
      /^setup\/refused ballot-2: 1 have contributed, 3 are needed/,
    );
  });
});
