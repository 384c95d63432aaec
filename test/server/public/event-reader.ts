/** An event as a client of the live feed reads it. */
export interface ReadEvent {
  readonly id: string;
  readonly event: string;
  readonly data: Readonly<Record<string, string | number>>;
}

/** A client of `GET /v1/events`. */
export class EventReader {
  /** What came, in order; those before the reader was resumed, too. */
  readonly events: ReadEvent[];
  readonly #connection = new AbortController();
  #ended = false;

  private constructor(events: ReadEvent[]) {
    this.events = events;
  }

  /** Connects and reads on. @param seen - events that an earlier reader has read: resumes after the last of them @throws Error if it is not answered with a stream */
  static async open(url: string, seen: readonly ReadEvent[] = []): Promise<EventReader> {
    const reader = new EventReader([...seen]);
    const headers = { 'last-event-id': seen.at(-1)?.id ?? '0-0' };
    const answer = await fetch(`${url}/v1/events`, { headers, signal: reader.#connection.signal });
    const type = answer.headers.get('content-type');
    if (answer.status !== 200 || type !== 'text/event-stream' || answer.body === null)
      throw new Error(`no stream of events but ${answer.status} ${type}`);
    void reader.#read(answer.body).finally(() => (reader.#ended = true));
    return reader;
  }

  /** Whether the server has ended the stream, or the reader has left. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Leaves without a word, as somebody does who closes a page. */
  leave(): void {
    this.#connection.abort();
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const utf8 = new TextDecoder();
    let text = '';
    try {
      for await (const chunk of body) {
        const blocks = (text + utf8.decode(chunk, { stream: true })).split('\n\n');
        text = blocks.pop() ?? '';
        for (const block of blocks) this.#take(block);
      }
    } catch {
      // The reader has left, or the server died: either way there is no more.
    }
  }

  #take(block: string): void {
    const [, id, event, data] = /^id: (.*)\nevent: (.*)\ndata: (.*)$/u.exec(block) ?? [];
    if (id === undefined || event === undefined || data === undefined) return;
    this.events.push({ id, event, data: JSON.parse(data) as ReadEvent['data'] });
  }
}
