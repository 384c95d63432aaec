import { availableParallelism } from 'node:os';
import { toConfig } from '../../protocol/config/to-config.ts';
import { require } from '../../protocol/errors.ts';
import { ProofPool } from '../../protocol/node/proof-pool.ts';
import type { App } from '../frame/app.ts';
import { createApp } from '../frame/app.ts';
import type { Office, ServedElection } from '../frame/election.ts';
import { openOffice, openServed } from '../frame/election.ts';
import { followForever } from '../frame/follow-forever.ts';
import { connectRedis } from '../frame/redis.ts';
import { blockTimeOf } from './followed/block-time.ts';
import { followedElection } from './followed/cache.ts';
import { openPolls } from './followed/polls.ts';
import { SIGHT } from './intake/accept.ts';
import type { Intake } from './intake/accept.ts';
import { Admission } from './intake/admission.ts';
import { ProofBatches } from './intake/proof-batches.ts';
import { queueTimeOf } from './intake/queue-time.ts';
import { addFate } from './routes/fate.ts';
import { addUpdates } from './routes/updates.ts';
import type { BoxSettings } from './settings.ts';
import { openStore } from './store/box-store.ts';
import { KEYS } from './store/keys.ts';
import { settledState } from './store/settled-state.ts';

/** Bytes of the longest update, as JSON, and some room. */
const BODY_LIMIT = 8_192;

/** A box before it serves: everything that settings name, opened, and seen to fit together. */
export interface Box {
  readonly election: ServedElection;
  readonly office: Office;
  readonly intake: Intake;
  readonly pool: ProofPool;
}

/** A box with its routes. */
export interface BoxService extends Box {
  readonly app: App;
  /** Ends the work in the background and gives everything back. */
  close(): Promise<void>;
}

/** @param note - told, in a code, what went wrong @throws `config/*`, `definition/*`, `redis/*`, `key/*`, `chain/*`, `vkey/*` */
export async function openBox(settings: BoxSettings, note: (line: string) => void): Promise<Box> {
  const election = await openServed(settings);
  const { at, context, definition } = election;
  const config = toConfig(definition);
  const office = await openOffice(at, 'box', settings, note);
  const address = office.sender.account.address.toLowerCase() as `0x${string}`;
  const index = config.boxes.indexOf(address);
  require(index >= 0, 'key/box', 'the key file is not that of a box of this election');
  const findPoll = await openPolls(at, config);
  const store = await openStore(await connectRedis(settings.redisUrl, note), context, address);
  const newest = async (): Promise<number> => Number(await at.connection.rpc.getBlockNumber());
  const threads = settings.proofThreads === 0 ? availableParallelism() : settings.proofThreads;
  const pool = new ProofPool(threads);
  const proofs = new ProofBatches(pool.verify, threads + 1);
  const intake: Intake = {
    ...{ context, config, box: { index, address }, sign: office.sign, store, findPoll, proofs },
    admission: new Admission(settings.maxProofs),
    ...{ followed: followedElection(store, config, newest), blockTime: blockTimeOf(at.connection) },
    queueTime: queueTimeOf(store, config, settings.windowSeconds),
    ...{ promiseSeconds: settings.promiseSeconds, windowSeconds: settings.windowSeconds },
  };
  return { election, office, intake, pool };
}

/** The service with its routes and its work in the background, not listening yet. @param logTo - where log lines go; standard output by default */
export async function createBallotBox(
  settings: BoxSettings,
  logTo?: { write(line: string): void },
): Promise<BoxService> {
  const notes: { to: (line: string) => void } = { to: () => undefined };
  const box = await openBox(settings, (line) => notes.to(line));
  const { intake, election, pool } = box;
  const app = await createApp({
    name: 'ballot-box',
    description: 'Slot updates of one election: first ballots and changed ones (SPEC §17.2)',
    ...{ origins: settings.origins, bodyLimit: BODY_LIMIT, connectionRate: settings.connectionRate },
    health: () => health(intake),
    ...(logTo && { logTo }),
  });
  notes.to = (line) => app.server.log.warn(line);
  addUpdates(app.server, intake);
  addFate(app.server, intake.store);
  addMetrics(app, intake);
  const stop = new AbortController();
  const state = settledState(intake.store, intake.followed.state);
  const following = followForever(election.at, state, stop.signal, (code) => app.server.log.warn({ code }, 'follow'));
  const close = async (): Promise<void> => {
    stop.abort();
    await following;
    await pool.close();
    await intake.store.redis.close();
  };
  return { ...box, app, close };
}

/** @throws `chain/unreachable` where the box does not see the chain, and takes nothing new */
async function health({
  store,
  followed,
  admission,
  blockTime,
}: Intake): Promise<Record<string, string | number | boolean>> {
  const { silence } = await blockTime();
  require(silence < SIGHT, 'chain/unreachable', 'the node does not answer: nothing new is taken until it does');
  const [reading, held] = await Promise.all([store.redis.exists(KEYS.resync), store.redis.xLen(KEYS.updates)]);
  return { reading: reading === 1, block: followed.next() - 1, held, proofs: admission.size };
}

function addMetrics({ metrics }: App, { admission, proofs, followed }: Intake): void {
  metrics.readGauge('urna_box_updates', 'Updates that are being checked and stored', () => admission.size);
  metrics.readGauge('urna_box_proofs', 'Updates that wait for the check of their proof', () => proofs.size);
  metrics.readGauge('urna_box_block', 'Newest block that was read', () => followed.next() - 1);
}
