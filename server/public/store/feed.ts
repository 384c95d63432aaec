import { PassThrough } from 'node:stream';
import type { Readable } from 'node:stream';
import { canonicalJson } from '../../../protocol/canonical-json.ts';
import { require } from '../../../protocol/errors.ts';
import type { Redis } from '../../frame/redis.ts';
import { KEYS } from './store.ts';

/** Bytes that may wait for one client; who reads more slowly is dropped, and resumes where it was. */
const MAX_WAITING = 2 ** 18;
/** Milliseconds between two signs of life, so that nobody on the way closes a quiet connection. */
const HEARTBEAT = 15_000;
/** Events read from the store at once. */
const PAGE = 500;

interface StoredEvent {
  readonly id: string;
  readonly message: Readonly<Record<string, string>>;
}

/** The live feed: what the store announces, in the same order for all clients, resumable by the store's own ids. */
export class Feed {
  readonly #redis: Redis;
  readonly #clients = new Set<PassThrough>();
  readonly #maxClients: number;
  readonly #beat: NodeJS.Timeout;
  #last = '0-0';
  #sending: Promise<void> = Promise.resolve();

  constructor(redis: Redis, maxClients: number) {
    this.#redis = redis;
    this.#maxClients = maxClients;
    this.#beat = setInterval(() => this.#send(': still here\n\n'), HEARTBEAT).unref();
  }

  get clients(): number {
    return this.#clients.size;
  }

  /** Starts after what is in the store already. */
  async start(): Promise<void> {
    const [newest] = (await this.#redis.xRevRange(KEYS.events, '+', '-', { COUNT: 1 })) as unknown as StoredEvent[];
    this.#last = newest?.id ?? '0-0';
  }

  /** Sends what the store announced since; call after every change. Never rejects: what could not be read is sent with the next. */
  publish(): void {
    this.#sending = this.#sending.then(() => this.#publishNew()).catch(() => undefined);
  }

  /** Announces something that is not a step of the record. */
  async announce(event: string, data: Readonly<Record<string, string | number>>): Promise<void> {
    await this.#redis.xAdd(KEYS.events, '*', { event, data: canonicalJson(data) });
    this.publish();
  }

  /**
   * A new client's stream: first what it missed since `lastId`, if the store still has it, then everything as it comes.
   *
   * @throws `busy/listeners` if there are too many
   */
  async join(lastId: string | undefined): Promise<Readable> {
    require(this.#clients.size <
      this.#maxClients, 'busy/listeners', 'too many are listening: ask /v1/turnout and /v1/election instead');
    const client = new PassThrough({ highWaterMark: MAX_WAITING });
    client.on('close', () => this.#clients.delete(client)).on('error', () => undefined);
    client.write('retry: 3000\n\n');
    // Joined between two broadcasts, so that no event is missed or told twice.
    const missed = this.#sending.then(() => this.#catchUp(client, lastId));
    this.#sending = missed.catch(() => undefined);
    await missed;
    return client;
  }

  /** Ends every stream; clients connect again, to whoever answers then. */
  close(): void {
    clearInterval(this.#beat);
    for (const client of this.#clients) client.end();
  }

  async #catchUp(client: PassThrough, lastId: string | undefined): Promise<void> {
    let from = lastId;
    while (from !== undefined) {
      const page = await this.#after(from, this.#last);
      for (const event of page) client.write(textOf(event));
      from = page.length < PAGE ? undefined : page.at(-1)?.id;
    }
    if (!client.destroyed) this.#clients.add(client);
  }

  async #publishNew(): Promise<void> {
    for (;;) {
      const page = await this.#after(this.#last, '+');
      for (const event of page) this.#send(textOf(event));
      this.#last = page.at(-1)?.id ?? this.#last;
      if (page.length < PAGE) return;
    }
  }

  async #after(id: string, end: string): Promise<StoredEvent[]> {
    return (await this.#redis.xRange(KEYS.events, `(${id}`, end, { COUNT: PAGE })) as unknown as StoredEvent[];
  }

  #send(text: string): void {
    for (const client of this.#clients) {
      if (client.readableLength + client.writableLength + text.length > MAX_WAITING) client.destroy();
      else client.write(text);
    }
  }
}

function textOf({ id, message }: StoredEvent): string {
  return `id: ${id}\nevent: ${message['event'] ?? 'message'}\ndata: ${message['data'] ?? '{}'}\n\n`;
}
