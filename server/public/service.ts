import compress from '@fastify/compress';
import etag from '@fastify/etag';
import files from '@fastify/static';
import { resolve } from 'node:path';
import { readSeals } from '../../contracts/follower/seals.ts';
import type { FollowState } from '../../contracts/follower/state.ts';
import { UrnaError } from '../../protocol/errors.ts';
import type { Seals } from '../../protocol/seals/seals-file.ts';
import type { App } from '../frame/app.ts';
import { createApp } from '../frame/app.ts';
import type { ServedElection } from '../frame/election.ts';
import { followForever } from '../frame/follow-forever.ts';
import { clearLeftovers } from '../frame/leftovers.ts';
import { openTilePool } from '../frame/tile-pool.ts';
import type { Redis } from '../frame/redis.ts';
import type { PublicParts } from './parts.ts';
import { PublishedFiles } from './published-files.ts';
import { provingFiles } from './artifacts.ts';
import { artifactsRoute } from './routes/artifacts.ts';
import { electionRoute } from './routes/election.ts';
import { eventsRoute } from './routes/events.ts';
import { recordRoutes } from './routes/record.ts';
import { resultsRoutes } from './routes/results.ts';
import { slotsRoute } from './routes/slots.ts';
import { tilesRoute } from './routes/tiles.ts';
import { turnoutRoute } from './routes/turnout.ts';
import { webRoutes } from './routes/web.ts';
import { SealedRecord } from './sealed-record.ts';
import type { PublicSettings } from './settings.ts';
import { StatusWatch } from './status-watch.ts';
import { Feed } from './store/feed.ts';
import { PublicStore } from './store/store.ts';
import { makeTiles } from './store/tiles.ts';

/** What the service is made of, opened by whoever runs it. */
export interface PublicMaterial {
  readonly served: ServedElection;
  readonly redis: Redis;
  /** Own published files by name (SPEC §14.5): definition, build, circuits. */
  readonly own: Readonly<Record<string, Uint8Array>>;
  readonly settings: Pick<
    PublicSettings,
    | 'origins'
    | 'connectionRate'
    | 'recordFolder'
    | 'publicFolder'
    | 'artifactsFolder'
    | 'webFolder'
    | 'services'
    | 'maxListeners'
  >;
  /** Where log lines go; standard output by default. */
  readonly logTo?: { write(line: string): void };
}

/** A public service that follows its election until it is closed. */
export interface PublicService extends App {
  readonly parts: PublicParts;
  close(): Promise<void>;
}

const BODY_LIMIT = 1024;
const DESCRIPTION =
  'Reads the chain and answers from what it read: record, slots, roll, turnout, results, live feed. Takes nothing.';

/** Makes the service and starts following. It does not listen yet. @throws `redis/election`, `file/*` */
export async function createPublicService(material: PublicMaterial): Promise<PublicService> {
  const { served, redis, own, settings } = material;
  const folder = resolve(settings.recordFolder);
  const feed = new Feed(redis, settings.maxListeners);
  let changed: () => void = () => feed.publish();
  let note: (code: string) => void = () => undefined;
  const store = new PublicStore(redis, served, folder, () => changed());
  await store.claim();
  await clearLeftovers(folder);
  const published = new PublishedFiles(resolve(settings.publicFolder), folder, (code) => note(code));
  for (const [name, content] of Object.entries(own)) await published.add(name, content);
  const status = new StatusWatch();
  const services = Object.fromEntries(
    settings.services.map((each) => each.split(/=(.*)/u).slice(0, 2) as [string, string]),
  );
  const { at, definition } = served;
  const ending = new AbortController();
  const seal = (state: FollowState): Promise<Seals | undefined> => readSeals(at, definition, state);
  const sealed = definition.chain.validators && new SealedRecord(seal, (code) => note(code), ending.signal);
  const parts: PublicParts = { at, store, status, feed, files: published, sealed, services };
  const app = await appOf(parts, material);
  note = (code) => app.server.log.warn({ code }, 'following');
  const hashing = openTilePool(1);
  let tiles = Promise.resolve();
  changed = () => {
    feed.publish();
    sealed?.changed(store.held);
    // What fails is tried again with the next change.
    const make = (): Promise<void> => makeTiles(store, hashing, ending.signal, note);
    tiles = tiles.then(make).catch((error: unknown) => note(error instanceof UrnaError ? error.code : 'busy/store'));
  };
  await feed.start();
  const work = [
    followForever(served.at, store, ending.signal, (code) => note(code)),
    status.watch(
      served.at,
      ending.signal,
      (phase, block) => feed.announce('phase', { phase, block }),
      (code) => note(code),
    ),
  ];
  const close = async (): Promise<void> => {
    ending.abort();
    await app.server.close();
    await Promise.all([...work, tiles, sealed?.idle()]);
    await hashing.close();
  };
  return { ...app, parts, close };
}

async function appOf(parts: PublicParts, { own, settings, logTo }: PublicMaterial): Promise<App> {
  const { store, status, feed } = parts;
  const app = await createApp({
    ...{ name: 'public', description: DESCRIPTION, bodyLimit: BODY_LIMIT },
    ...{ origins: settings.origins, connectionRate: settings.connectionRate, ...(logTo && { logTo }) },
    health: async () => {
      const isThere = await store.redis.ping().then(
        () => true,
        () => false,
      );
      return { store: isThere, chain: status.answers, entries: store.held.summary.entries };
    },
  });
  const { server, metrics } = app;
  await server.register(etag, { weak: true });
  await server.register(compress, { encodings: ['gzip', 'identity'], threshold: 1400, inflateIfDeflated: false });
  await server.register(files, { root: store.folder, serve: false });
  for (const add of [electionRoute, recordRoutes, resultsRoutes, turnoutRoute, slotsRoute, tilesRoute, eventsRoute])
    add(server, parts);
  artifactsRoute(server, provingFiles(settings.artifactsFolder, own));
  if (settings.webFolder !== '') await webRoutes(server, settings.webFolder);
  metrics.readGauge('urna_public_listeners', 'Clients of the live feed', () => feed.clients);
  metrics.readGauge('urna_public_entries', 'Entries of the record', () => store.held.summary.entries);
  return app;
}
