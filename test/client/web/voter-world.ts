import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { circuitName } from '../../../protocol/ballot/rules.ts';
import { canonicalBytes } from '../../../protocol/canonical-json.ts';
import { encodeDefinition } from '../../../protocol/definition/decode.ts';
import type { EligibilityService } from '../../../server/eligibility/service.ts';
import { createEligibility } from '../../../server/eligibility/service.ts';
import { startPrivateRedis } from '../../../server/frame/private-redis.ts';
import { connectRedis } from '../../../server/frame/redis.ts';
import { createPublicService } from '../../../server/public/service.ts';
import { trapdoorCircuit } from '../../contracts/follower/voters.ts';
import { freePort } from '../walks/service-process.ts';
import type { Json } from '../../../protocol/canonical-json.ts';
import type { EligibilitySettings } from '../../../server/eligibility/settings.ts';
import type { RegistrarWorld } from '../../server/eligibility/world.ts';
import { openRegistration } from '../../server/eligibility/world.ts';

/** An election in registration: its eligibility server, and a public service that serves the web client. */
export interface VoterWorld {
  readonly world: RegistrarWorld;
  readonly eligibility: EligibilityService;
  /** Of the public service. */
  readonly url: string;
  readonly registrarUrl: string;
  close(): Promise<void>;
}

const QUIET = { write: (): void => undefined };

/** What is different from an election with one office, all on one host. */
export interface Differences {
  readonly change?: (definition: Record<string, Json>) => void;
  /** More settings of the eligibility server, once its election is there. */
  readonly settings?: (world: RegistrarWorld) => Promise<Partial<EligibilitySettings>>;
  /** Where browsers reach the registrar. */
  readonly registrar?: string;
}

/** @param webFolder - the built web client */
export async function openVoterWorld(
  webFolder: string,
  { change, settings, registrar }: Differences = {},
): Promise<VoterWorld> {
  const world = await openRegistration([4, 2], change);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const own = { ...world.settings, origins: [url], ...(await settings?.(world)) };
  const eligibility = await createEligibility(own, QUIET);
  const registrarUrl = await eligibility.app.server.listen({ port: 0, host: '127.0.0.1' });
  const redisServer = await startPrivateRedis(join(world.folder, 'public-redis'));
  const redis = await connectRedis(redisServer.url, () => undefined);
  const { lanes, verifyingKey, manifest } = trapdoorCircuit();
  const publicFolder = join(world.folder, 'public');
  mkdirSync(publicFolder);
  const { at, definition } = world.made;
  const service = await createPublicService({
    served: { definition, at, context: world.context },
    redis,
    own: {
      'election.json': encodeDefinition(definition),
      'build.json': canonicalBytes({}),
      [`circuits/${circuitName(lanes)}/vkey.json`]: verifyingKey,
      [`circuits/${circuitName(lanes)}/manifest.json`]: manifest,
    },
    settings: {
      ...{ origins: [], connectionRate: 10_000, services: [`registrar=${registrar ?? registrarUrl}`], maxListeners: 3 },
      ...{ recordFolder: join(world.folder, 'record'), publicFolder, webFolder },
      artifactsFolder: join(world.folder, 'artifacts'),
    },
    logTo: QUIET,
  });
  await service.server.listen({ port, host: '127.0.0.1' });
  const close = async (): Promise<void> => {
    await service.close();
    await redis.close();
    await redisServer.stop();
    await eligibility.app.server.close();
    await eligibility.close();
    await world.close();
  };
  return { world, eligibility, url, registrarUrl, close };
}
