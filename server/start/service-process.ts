import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Json } from '../../protocol/canonical-json.ts';
import { UrnaError } from '../../protocol/errors.ts';
import type { PrivateRedis } from '../frame/private-redis.ts';
import { startPrivateRedis } from '../frame/private-redis.ts';

/** A service as it runs on this machine. */
export interface ServiceSpec {
  readonly name: string;
  /** The bundled program. */
  readonly program: string;
  /** Its own folder: configuration, log and data. */
  readonly folder: string;
  /** Settings without `redisUrl`, `host` and `port`. */
  readonly settings: Readonly<Record<string, Json>>;
  readonly port: number;
  /** A Redis to use; by default a private one is started in the folder. */
  readonly redisUrl?: string;
}

/** Milliseconds before a service that died is started again; doubled with every death in a row. */
const FIRST_PAUSE = 300;
const LONGEST_PAUSE = 10_000;
/** Milliseconds that a service must live for its next death to count as the first again. */
const LONG_LIFE = 30_000;
const STARTING = 60_000;

/**
 * A service with a Redis, a configuration and a log of its own; whatever of it dies is started again until it is told to end.
 */
export class ServiceProcess {
  readonly spec: ServiceSpec;
  #redis: PrivateRedis | undefined;
  #child: ChildProcess | undefined;
  #ending = false;
  #loops: Promise<void>[] = [];
  /** A program that ends before it has stopped its services takes them along. */
  readonly #abandon = (): void => void this.#child?.kill('SIGTERM');

  private constructor(spec: ServiceSpec) {
    this.spec = spec;
  }

  /** Starts a service and waits until it answers. @param note - told of every death @throws `start/failed`, `redis/*` */
  static async start(spec: ServiceSpec, note: (line: string) => void): Promise<ServiceProcess> {
    const service = new ServiceProcess(spec);
    mkdirSync(spec.folder, { recursive: true, mode: 0o700 });
    process.once('exit', service.#abandon);
    try {
      if (spec.redisUrl === undefined) await service.#startRedis();
      service.#configure();
      service.#spawn();
      service.#loops = [service.#keepAlive(note), ...(service.#redis === undefined ? [] : [service.#keepRedis(note)])];
      await service.#untilHealthy();
      return service;
    } catch (error) {
      await service.stop();
      throw error;
    }
  }

  get url(): string {
    return `http://127.0.0.1:${this.spec.port}`;
  }

  /** Process ids of the service and of its Redis. */
  get pids(): number[] {
    return [this.#child?.pid, this.#redis?.pid].filter((pid) => pid !== undefined);
  }

  get log(): string {
    return join(this.spec.folder, 'log');
  }

  /** Ends the service in order, then its Redis. */
  async stop(): Promise<void> {
    this.#ending = true;
    const child = this.#child;
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }
    await this.#redis?.stop();
    await Promise.all(this.#loops);
    process.removeListener('exit', this.#abandon);
  }

  async #startRedis(): Promise<void> {
    this.#redis = await startPrivateRedis(join(this.spec.folder, 'redis'));
  }

  #configure(): void {
    const { folder, settings, port, redisUrl } = this.spec;
    const all = { ...settings, host: '127.0.0.1', port, redisUrl: redisUrl ?? this.#redis?.url ?? '' };
    writeFileSync(join(folder, 'urna.config.json'), `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 });
  }

  #spawn(): void {
    const { program, folder } = this.spec;
    const log = openSync(this.log, 'a', 0o600);
    const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
    const args = ['--no-warnings', program, '--config', join(folder, 'urna.config.json')];
    this.#child = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', log, log] });
    closeSync(log);
  }

  async #keepAlive(note: (line: string) => void): Promise<void> {
    let wait = FIRST_PAUSE;
    for (;;) {
      const born = performance.now();
      const child = this.#child;
      if (child !== undefined && child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      if (performance.now() - born > LONG_LIFE) wait = FIRST_PAUSE;
      await this.#rest(wait);
      if (this.#ending) return;
      note(`${this.spec.name} ended and is started again; its log: ${this.log}`);
      this.#spawn();
      wait = Math.min(2 * wait, LONGEST_PAUSE);
    }
  }

  async #keepRedis(note: (line: string) => void): Promise<void> {
    for (;;) {
      await this.#redis?.ended;
      await this.#rest(FIRST_PAUSE);
      if (this.#ending) return;
      note(`Redis of ${this.spec.name} ended and is started again`);
      await this.#startRedis().catch(() => undefined);
    }
  }

  /** Waits, but not while everything is ending. */
  async #rest(milliseconds: number): Promise<void> {
    for (let passed = 0; passed < milliseconds && !this.#ending; passed += 50) await pause(50);
  }

  async #untilHealthy(): Promise<void> {
    const until = performance.now() + STARTING;
    while (performance.now() < until) {
      const answer = await fetch(`${this.url}/v1/healthz`).catch(() => undefined);
      if (answer?.ok === true) return;
      await pause(200);
    }
    throw new UrnaError('start/failed', `${this.spec.name} does not answer: see ${this.log}`);
  }
}
