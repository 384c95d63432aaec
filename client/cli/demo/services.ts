import { mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Json } from '../../../protocol/canonical-json.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import type { ServiceSpec } from '../../../server/start/service-process.ts';
import { ServiceProcess } from '../../../server/start/service-process.ts';
import { getJson } from '../../http/ask.ts';
import { parseServerUrl } from '../../http/server-url.ts';
import { WEB, pathOf } from './files.ts';
import type { Party } from './party.ts';
import type { World } from './world.ts';

const DIST = fileURLToPath(new URL('../../../dist', import.meta.url));
const ARTIFACTS = fileURLToPath(new URL('../../../circuits/artifacts', import.meta.url));

/** Where services find their election. */
export interface Place {
  readonly rpc: string;
  /** Address of the `Election` contract. */
  readonly election: string;
  /** The commission's public folder. */
  readonly publicFolder: string;
}

/** The place of a world's election, once it is deployed and published. */
export function placeOf({ chain, site }: World): Place {
  const publicFolder = pathOf(site, 'public');
  const deployment = JSON.parse(readFileSync(join(publicFolder, 'deployment.json'), 'utf8')) as {
    readonly election: string;
  };
  return { rpc: chain.url, election: deployment.election, publicFolder };
}

/** Redis addresses that were configured, by service; a service that is not named gets a private one. */
export type ConfiguredRedis = Readonly<Record<string, string>>;

const [PUBLIC_PORT, FIRST_PORT] = [8700, 8701];

/** The services of an election on this machine, each a process with its own configuration, Redis and log. */
export class Services {
  readonly #root: string;
  readonly #place: Place;
  readonly #note: (line: string) => void;
  readonly #redis: ConfiguredRedis;
  readonly running: ServiceProcess[] = [];
  /** Chosen before any service starts: the others name it as the origin whose pages may call them. */
  #publicPort: Promise<number> | undefined;

  /** @param root - folder in which each service gets one of its own */
  constructor(root: string, place: Place, note: (line: string) => void, redis: ConfiguredRedis = {}) {
    [this.#root, this.#place, this.#note, this.#redis] = [root, place, note, redis];
  }

  /** The registrar's service. Its files of the roll are in the registrar's folder `published`. */
  startEligibility(registrar: Party): Promise<ServiceProcess> {
    const publishFolder = pathOf(registrar, 'published');
    mkdirSync(publishFolder, { recursive: true });
    const listsFolder = join(this.#place.publicFolder, 'credentials');
    return this.#start('registrar', 'eligibility', { listsFolder, publishFolder, ...account(registrar) });
  }

  /** A box's service; `id` as in the definition. */
  startBox(box: Party, id: string): Promise<ServiceProcess> {
    const threads = { proofThreads: 1, maskThreads: 1, artifactsFolder: ARTIFACTS };
    return this.#start(id, 'ballot-box', { windowSeconds: 2, ...threads, ...account(box) });
  }

  /** The public service, which names those that run already. */
  startPublic(): Promise<ServiceProcess> {
    const services = this.running.map(({ spec, url }) => `${spec.name}=${url}`);
    const recordFolder = join(this.#root, 'public', 'record');
    const { publicFolder } = this.#place;
    return this.#start('public', 'public', {
      ...{ recordFolder, publicFolder, services },
      ...{ artifactsFolder: ARTIFACTS, webFolder: WEB },
    });
  }

  /** Ends all services, the last one first. */
  async stop(): Promise<void> {
    // All at once: Ctrl-C in a terminal reaches every process, and none may be started again while others end.
    await Promise.all(this.running.splice(0).map((service) => service.stop()));
  }

  #portOfPages(): Promise<number> {
    return (this.#publicPort ??= freePort(PUBLIC_PORT));
  }

  async #start(name: string, program: string, own: Readonly<Record<string, Json>>): Promise<ServiceProcess> {
    const pages = await this.#portOfPages();
    const { rpc, election, publicFolder } = this.#place;
    const redisUrl = this.#redis[name];
    const spec: ServiceSpec = {
      ...{ name, program: join(DIST, `${program}.mjs`), folder: join(this.#root, name) },
      port: name === 'public' ? pages : await freePort(FIRST_PORT + this.running.length),
      settings: {
        ...{ definitionFile: join(publicFolder, 'election.json'), election, rpc, connectionRate: 1000 },
        ...{ origins: [`http://127.0.0.1:${pages}`, `http://localhost:${pages}`], ...own },
      },
      ...(redisUrl !== undefined && { redisUrl }),
    };
    const service = await ServiceProcess.start(spec, this.#note);
    this.running.push(service);
    return service;
  }
}

function account(party: Party): Record<string, string> {
  return { accountFile: pathOf(party, 'key.age'), accountPassphraseFile: pathOf(party, 'passphrase') };
}

/** `wanted` if it is free, else any port. */
export async function freePort(wanted: number): Promise<number> {
  for (const port of [wanted, 0]) {
    const server = createServer();
    const found = await new Promise<number | undefined>((resolve) => {
      server.once('error', () => resolve(undefined));
      server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
    });
    await new Promise((resolve) => server.close(resolve));
    if (found !== undefined) return found;
  }
  throw new Error('no port is free on this machine');
}

/** Asks the public service until `isSo`; an answer that it refuses is asked for again. @param meanwhile - between two questions @throws Error after five minutes, with the last refusal */
export async function untilPublic<T>(
  { url }: ServiceProcess,
  path: string,
  isSo: (answer: T) => boolean,
  meanwhile: () => Promise<unknown> = () => Promise.resolve(),
): Promise<T> {
  const until = performance.now() + 300_000;
  let refusal = '';
  while (performance.now() < until) {
    try {
      const answer = (await getJson(parseServerUrl(url), path)) as T;
      if (isSo(answer)) return answer;
      refusal = '';
    } catch (error) {
      // It may be starting again, or not have read that far: what else goes wrong is a fault of the demo.
      if (!(error instanceof UrnaError)) throw error;
      refusal = `: ${error.message} [${error.code}]`;
    }
    await meanwhile();
    await pause(300);
  }
  throw new Error(`the public service does not tell what was waited for at ${path}${refusal}`);
}
