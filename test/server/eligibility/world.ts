import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import { startEmbeddedChain } from '../../../contracts/network/embedded.ts';
import type { Json } from '../../../protocol/canonical-json.ts';
import { parseJson } from '../../../protocol/canonical-json.ts';
import {
  createCredentialList,
  encodeCredentialList,
  sealCredentialList,
} from '../../../protocol/credentials/credential-list.ts';
import { encodeCode } from '../../../protocol/credentials/code.ts';
import { deriveCredential } from '../../../protocol/credentials/credential.ts';
import { signingKey } from '../../../protocol/credentials/ed25519.ts';
import type { SigningKey } from '../../../protocol/credentials/ed25519.ts';
import type { ElectionContext, Registration } from '../../../protocol/credentials/registration.ts';
import { encodeRegistration, signRegistration } from '../../../protocol/credentials/registration.ts';
import { definitionHash, encodeDefinition } from '../../../protocol/definition/decode.ts';
import { decodeHex, encodeHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { createIdentity } from '../../../protocol/identity/semaphore.ts';
import type { Identity } from '../../../protocol/identity/semaphore.ts';
import type { Field } from '../../../protocol/math/field.ts';
import type { EligibilitySettings } from '../../../server/eligibility/settings.ts';
import type { PrivateRedis } from '../../../server/frame/private-redis.ts';
import { startPrivateRedis } from '../../../server/frame/private-redis.ts';
import type { DeployedElection } from '../../contracts/deploy/development.ts';
import { REGISTRAR, deployDevelopment, privateKey } from '../../contracts/deploy/development.ts';
import { Story } from '../../contracts/follower/story.ts';
import { makeOffices, makeVoters } from '../../contracts/follower/voters.ts';
import { streamOf } from '../../protocol/stream.ts';
import { writeAccount } from '../world.ts';

/** Somebody with a credential of a district and an identity. */
export interface Voter {
  readonly district: number;
  readonly credential: SigningKey;
  readonly key: Hex;
  readonly identity: Identity;
}

/** An election on an embedded chain whose registration is open, its registrar's files, and a Redis. */
export class RegistrarWorld {
  readonly chain: EmbeddedChain;
  readonly made: DeployedElection;
  readonly story: Story;
  readonly folder: string;
  readonly context: ElectionContext;
  /** Of each district: sealed voters, then those with a credential of the reserve. */
  readonly voters: readonly (readonly Voter[])[];
  readonly reserve: readonly (readonly Voter[])[];
  readonly settings: EligibilitySettings;
  redis: PrivateRedis;

  constructor(
    parts: Pick<RegistrarWorld, 'chain' | 'made' | 'story' | 'folder' | 'voters' | 'reserve' | 'settings' | 'redis'>,
  ) {
    this.chain = parts.chain;
    this.made = parts.made;
    this.story = parts.story;
    this.folder = parts.folder;
    this.voters = parts.voters;
    this.reserve = parts.reserve;
    this.settings = parts.settings;
    this.redis = parts.redis;
    this.context = contextOf(parts.made);
  }

  voter(district: number, index: number): Voter {
    const voter = this.voters[district]?.[index];
    if (voter === undefined) throw new Error('no such voter');
    return voter;
  }

  spare(district: number, index = 0): Voter {
    const voter = this.reserve[district]?.[index];
    if (voter === undefined) throw new Error('no such reserve');
    return voter;
  }

  /** A registration as the voter signs it. */
  sign({ credential, district, identity }: Voter, sequence = 1, commitment: Field = identity.commitment): Registration {
    return signRegistration(this.context, credential, { district, commitment, sequence });
  }

  async close(): Promise<void> {
    await this.redis.stop();
    await this.chain.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A registration as the body of a request. */
export function bodyOf(registration: Registration): Record<string, Json> {
  return parseJson(encodeRegistration(registration)) as Record<string, Json>;
}

function contextOf({ at, definition }: DeployedElection): ElectionContext {
  return { chainId: at.connection.chainId, election: at.election, definitionHash: definitionHash(definition) };
}

/** The code in the letter of the north's first voter; the others' keys follow from no code. */
export const CODE = encodeCode(streamOf('a letter')(10));

function votersOf(name: string, district: number, count: number, first?: SigningKey): Voter[] {
  return Array.from({ length: count }, (_, i) => {
    const random = streamOf(`${name} ${district} ${i}`);
    const own = signingKey(random(32));
    const credential = i === 0 && first !== undefined ? first : own;
    return { district, credential, key: encodeHex(credential.publicKey), identity: createIdentity(random(32)) };
  });
}

/** @param counts - voters of the two districts @param change - changes the definition */
export async function openRegistration(
  counts: readonly [number, number] = [4, 2],
  change: (definition: Record<string, Json>) => void = () => undefined,
): Promise<RegistrarWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'urna-registrar-'));
  const chain = await startEmbeddedChain();
  const made = await deployDevelopment(chain, change);
  const context = contextOf(made);
  const fromLetter = deriveCredential(CODE, decodeHex(context.definitionHash, 32));
  const voters = counts.map((count, district) =>
    votersOf('sealed voter', district, count, district === 0 ? fromLetter : undefined),
  );
  const reserve = counts.map((_, district) => votersOf('reserve voter', district, 1));
  const listsFolder = join(folder, 'credentials');
  mkdirSync(listsFolder);
  const sealed = voters.map((own, district) => {
    const keys = (list: readonly Voter[]): Uint8Array[] => list.map(({ credential }) => credential.publicKey);
    const list = createCredentialList(context.definitionHash, district, keys(own), keys(reserve[district] ?? []));
    writeFileSync(join(listsFolder, `${made.definition.districts[district]?.id}.json`), encodeCredentialList(list));
    return sealCredentialList(list);
  });
  const story = new Story(chain, made, { ...makeOffices(made, makeVoters([1, 1])), sealed });
  await story.approveAndSeal();
  await chain.advanceTo(made.definition.times.registrationOpens);
  const redis = await startPrivateRedis(join(folder, 'redis'));
  const definitionFile = join(folder, 'election.json');
  writeFileSync(definitionFile, encodeDefinition(made.definition));
  const settings: EligibilitySettings = {
    ...{ definitionFile, election: context.election, rpc: chain.url, host: '127.0.0.1', port: 0 },
    ...{
      redisUrl: redis.url,
      listsFolder,
      publishFolder: join(folder, 'published'),
      origins: ['https://vote.example'],
    },
    ...(await writeAccount(folder, 'registrar', privateKey(chain, REGISTRAR))),
    ...{
      connectionRate: 1000,
      secondFactor: 'oidc',
      oidcIssuer: '',
      oidcClientId: '',
      oidcClientSecretFile: '',
      oidcCallbackUrl: '',
    },
    ...{ oidcReturnUrl: '', subjectsFile: '', subjectsSealFile: '' },
  };
  return new RegistrarWorld({ chain, made, story, folder, voters, reserve, settings, redis });
}
