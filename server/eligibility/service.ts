import { setTimeout as pause } from 'node:timers/promises';
import { UrnaError, require } from '../../protocol/errors.ts';
import type { App } from '../frame/app.ts';
import { createApp } from '../frame/app.ts';
import type { ServedElection } from '../frame/election.ts';
import { openOffice, openServed } from '../frame/election.ts';
import type { Redis } from '../frame/redis.ts';
import { connectRedis } from '../frame/redis.ts';
import type { Eligibility } from './eligibility.ts';
import { addCallback } from './routes/oidc-callback.ts';
import { addLookUp } from './routes/registration.ts';
import { addChallenges } from './routes/challenges.ts';
import { addPublished } from './routes/published.ts';
import { addRegister } from './routes/registrations.ts';
import { closeRolls } from './roll/close-roll.ts';
import { loadSubjects } from './second-factor/eligible-subjects.ts';
import type { SecondFactorKind } from './second-factor/kinds.ts';
import { SECOND_FACTORS, kindOf } from './second-factor/kinds.ts';
import type { Logins } from './second-factor/logins.ts';
import { areSealed, loadSealedKeys } from './sealed-keys.ts';
import type { EligibilitySettings } from './settings.ts';
import { needsSecondFactor } from './settings.ts';
import { watchChain } from './status.ts';
import { openRegister } from './store/register.ts';

/** Registrations and challenges are small. */
const BODY_LIMIT = 16_384;

/** What a started service hands to its main function. */
export interface EligibilityService {
  readonly app: App;
  readonly eligibility: Eligibility;
  close(): Promise<void>;
}

/** Where log lines go, and what is told of a connection that breaks. */
type Note = (line: string) => void;

/** Opens everything that settings name and sees that it fits together, before anything is served. @throws `config/*`, `definition/*`, `credential-list/*`, `redis/*`, `key/*`, `subjects/*`, `chain/*` */
export async function openEligibility(
  settings: EligibilitySettings,
  note: Note,
  kinds = SECOND_FACTORS,
): Promise<Eligibility> {
  const election = await openServed(settings);
  const { definition, context, at } = election;
  const kind = kindOf(settings, kinds);
  const wantsLogin = needsSecondFactor(definition, settings, kind);
  const office = await openOffice(at, 'registrar', settings, note);
  const mine = office.sender.account.address.toLowerCase() === definition.registrar;
  require(mine, 'key/registrar', 'the key file is not that of this election’s registrar');
  const sealed = await loadSealedKeys(definition, context.definitionHash, settings.listsFolder);
  await areSealed(at, sealed);
  const redis = await connectRedis(settings.redisUrl, note);
  try {
    const register = await openRegister(redis, context, sealed);
    const logins = wantsLogin ? await openLogins(settings, kind, election, redis) : undefined;
    const { publishFolder } = settings;
    return { election, register, office, chain: watchChain(at, sealed), logins, publishFolder };
  } catch (error) {
    redis.destroy();
    throw error;
  }
}

async function openLogins(
  settings: EligibilitySettings,
  kind: SecondFactorKind,
  election: ServedElection,
  redis: Redis,
): Promise<Logins> {
  const issuer = kind.issuer(settings);
  const subjects = await loadSubjects(settings, election, issuer);
  const { definitionHash } = election.context;
  return { ...(await kind.open(settings)), issuer, subjects, definitionHash, redis };
}

/**
 * The service with its routes, not listening yet.
 *
 * @param logTo - where log lines go; standard output by default
 * @param kinds - of second factors that there are
 */
export async function createEligibility(
  settings: EligibilitySettings,
  logTo?: { write(line: string): void },
  kinds = SECOND_FACTORS,
): Promise<EligibilityService> {
  const notes: { to: Note } = { to: () => undefined };
  const eligibility = await openEligibility(settings, (line) => notes.to(line), kinds);
  const app = await createApp({
    name: 'eligibility',
    description: 'Registrations, second factor, challenges and the published roll of one election (SPEC §17.1)',
    ...{ origins: settings.origins, cookies: true, bodyLimit: BODY_LIMIT, connectionRate: settings.connectionRate },
    health: () => health(eligibility),
    ...(logTo && { logTo }),
  });
  notes.to = (line) => app.server.log.warn(line);
  addRegister(app.server, eligibility);
  addLookUp(app.server, eligibility);
  if (eligibility.logins !== undefined) addCallback(app.server, eligibility, eligibility.logins);
  addChallenges(app.server, eligibility);
  addPublished(app.server, eligibility);
  const ending = new AbortController();
  const rolls = closeRolls(eligibility, ending.signal, (code) => app.server.log.warn({ code }, 'roll'));
  const close = async (): Promise<void> => {
    ending.abort();
    await rolls;
    const { redis } = eligibility.register;
    if (redis.isOpen) await redis.close();
  };
  return { app, eligibility, close };
}

/** Milliseconds that store and node have to answer. */
const PATIENCE = 2_000;

async function health({ register, chain }: Eligibility): Promise<Record<string, string | number>> {
  const late = pause(PATIENCE, undefined, { ref: false }).then(() => {
    throw new UrnaError('busy/store', 'store or chain node do not answer in time');
  });
  const [, status] = await Promise.race([Promise.all([register.redis.ping(), chain.status()]), late]);
  return { phase: status.phase, block: Number(status.block) };
}
