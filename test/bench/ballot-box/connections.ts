import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';

/** What a box answered. */
export interface Answer {
  /** 0 where the connection ended without an answer. */
  readonly status: number;
  /** Seconds, where the box names any. */
  readonly retryAfter: number | undefined;
}

interface Connection {
  readonly socket: Socket;
  received: string;
  answered: (answer: Answer) => void;
}

const LOST: Answer = { status: 0, retryAfter: undefined };

/**
 * Connections to a box, kept and used again, as many as there are questions at a time. Written by hand because Node's client takes as much of the processor for
 * a request as the box does, and both share it.
 */
export class Connections {
  readonly #url: URL;
  readonly #idle: Connection[] = [];
  readonly #all = new Set<Socket>();

  constructor(url: string) {
    this.#url = new URL(url);
  }

  /** Connects that often beforehand, as a proxy does that stands before a box. */
  async ready(count: number): Promise<void> {
    const opened = Array.from({ length: count }, () => this.#open());
    await Promise.all(opened.map(({ socket }) => once(socket, 'connect')));
    this.#idle.push(...opened);
  }

  /** Hands in an update. */
  post(body: string): Promise<Answer> {
    const { host, pathname } = new URL('/v1/updates', this.#url);
    const head = `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
    return new Promise((resolve) => {
      const connection = this.#idle.pop() ?? this.#open();
      connection.answered = resolve;
      connection.socket.write(head + body, 'latin1');
    });
  }

  close(): void {
    for (const socket of this.#all) socket.destroy();
  }

  #open(): Connection {
    const socket = connect({ host: this.#url.hostname, port: Number(this.#url.port), noDelay: true });
    const connection: Connection = { socket, received: '', answered: () => undefined };
    this.#all.add(socket);
    socket.setEncoding('latin1').on('data', (text: string) => {
      connection.received += text;
      const answer = wholeAnswer(connection.received);
      if (answer === undefined) return;
      connection.received = '';
      this.#idle.push(connection);
      connection.answered(answer);
    });
    socket.on('error', () => undefined).on('close', () => (this.#all.delete(socket), connection.answered(LOST)));
    return connection;
  }
}

/** The answer, once all of it is there: a box says how long each is. */
function wholeAnswer(text: string): Answer | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = text.slice(0, end);
  const member = (name: string): number => Number(new RegExp(`\r\n${name}: (\\d+)`, 'iu').exec(head)?.[1] ?? NaN);
  const length = member('content-length');
  if (Number.isNaN(length)) throw new Error('the answer does not say how long it is');
  if (text.length < end + 4 + length) return undefined;
  const after = member('retry-after');
  return { status: Number(head.slice(9, 12)), retryAfter: Number.isNaN(after) ? undefined : after };
}
