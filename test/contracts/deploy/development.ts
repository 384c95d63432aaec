import type { Connection } from '../../../contracts/client/connection.ts';
import { connect } from '../../../contracts/client/connection.ts';
import type { ElectionAt } from '../../../contracts/client/election.ts';
import { locateElection } from '../../../contracts/client/election.ts';
import type { Sender } from '../../../contracts/client/transact.ts';
import { senderOfKey } from '../../../contracts/client/transact.ts';
import type { PublishedBuilds } from '../../../contracts/deploy/builds.ts';
import { publishedBuilds } from '../../../contracts/deploy/builds.ts';
import { deployContracts } from '../../../contracts/deploy/deploy.ts';
import type { Deployment } from '../../../contracts/deploy/deployment.ts';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import { chainProfile } from '../../../contracts/network/profiles.ts';
import type { Json } from '../../../protocol/canonical-json.ts';
import { readDefinition } from '../../../protocol/definition/decode.ts';
import type { Definition } from '../../../protocol/definition/definition.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import type { Trapdoor } from '../../bench/trapdoor/trapdoor.ts';
import { makeTrapdoor } from '../../bench/trapdoor/trapdoor.ts';
import { OFFICERS, TRUSTEES } from '../fixture/config.ts';
import { sealsAtOnce } from '../network/clique-instant.ts';

/** Account numbers of the development chain: who pays, the registrar, the boxes. */
export const PAYER = 0;
export const REGISTRAR = 1;
export const BOXES = [2, 3] as const;

const title = (text: string) => ({ en: text, fr: text, ru: text });
const hash = `0x${'cd'.repeat(32)}`;

/** A yes/no question in two districts, the second's unit merging into the first's. `start` is the block time of now. */
export function draft(chain: EmbeddedChain, start: number): Record<string, Json> {
  const address = (index: number) => chain.account(index).address.toLowerCase();
  return {
    ...{ version: 1, id: 'chain-test', environment: 'development', assurance: 'single-office', title: title('Test') },
    chain: { id: chain.chain.id, profile: chain.chain.name },
    times: {
      ...{ registrationOpens: start + 1000, registrationCloses: start + 2000, challengeSeconds: 600 },
      ...{ opensAt: start + 10_000, closesAt: start + 20_000, graceSeconds: 2000 },
      ...{ settleSeconds: 3600, maxExtensionSeconds: 30_000 },
    },
    registrar: address(REGISTRAR),
    officers: { keys: OFFICERS.map((key) => key.address), quorum: 2 },
    trustees: { keys: TRUSTEES.slice(0, 3).map((key) => key.address), threshold: 2 },
    boxes: BOXES.map((index) => ({ id: `box-${index}`, address: address(index) })),
    maskRounds: 2,
    districts: [
      { id: 'north', title: title('North'), voters: 1000 },
      { id: 'south', title: title('South'), voters: 40 },
    ],
    contests: [
      {
        ...{ id: 'question', title: title('Question'), preset: 'single', params: {}, onSmall: 'decrypt' },
        options: ['yes', 'no'].map((id) => ({ id, title: title(id) })),
        units: [
          { id: 'north', districts: ['north'], mergeInto: null },
          { id: 'south', districts: ['south'], mergeInto: 'north' },
        ],
      },
    ],
    ...{ minAnonymitySet: 2, setupHash: hash, webHash: hash },
  };
}

export function definitionFrom(value: Record<string, Json>): Definition {
  return readDefinition(value);
}

/** The key with a known trapdoor that stands for `ballot-2`'s: 14 + 12 public signals. */
export const TRAPDOOR = makeTrapdoor(14 + 12, 1n);

export function privateKey(chain: EmbeddedChain, index: number): Uint8Array {
  const key = chain.account(index).getHdKey().privateKey;
  if (key === null) throw new Error('a development account has a key');
  return Uint8Array.from(key);
}

/** A connection as programs have it; on a chain that seals a block only where there is a transaction, no block is waited for on top of it. */
export function connectTo(chain: EmbeddedChain): Promise<Connection> {
  const profile = chainProfile(chain.chain.name);
  const atOnce = { confirmations: 0, confirmedBySigners: false, pollingInterval: 20 };
  return connect(chain.url, sealsAtOnce(chain) ? { ...profile, ...atOnce } : profile, chain.chain.id);
}

/** A deployed election and who acts in it. */
export interface DeployedElection {
  readonly definition: Definition;
  readonly deployment: Deployment;
  readonly builds: PublishedBuilds;
  readonly at: ElectionAt;
  sender(index: number): Sender;
}

/** Deploys the development election with a trapdoor's key, or another one. @param change - changes its definition */
export async function deployDevelopment(
  chain: EmbeddedChain,
  change: (definition: Record<string, Json>) => void = () => undefined,
  { key }: Pick<Trapdoor, 'key'> = TRAPDOOR,
): Promise<DeployedElection> {
  const connection = await connectTo(chain);
  const value = draft(chain, await chain.now());
  change(value);
  const definition = definitionFrom(value);
  const sender = (index: number): Sender => senderOfKey(connection, privateKey(chain, index));
  const builds = publishedBuilds();
  const deployment = await deployContracts(sender(PAYER), { definition, keys: [key], builds });
  const at = await locateElection(connection, deployment.election as Hex);
  return { definition, deployment, builds, at, sender };
}
