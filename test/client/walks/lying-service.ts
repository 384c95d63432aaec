import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What stands between voters and a public service: it keeps a log and may lie. */
export interface LyingService {
  readonly url: string;
  /** Paths in the order in which they were asked for. */
  readonly asked: string[];
  /** From now on what it makes of an answer; honest until it is set. */
  bend: (path: string, answer: Buffer) => Buffer | string;
  stop(): Promise<void>;
}

/** Starts one in front of the service at `url`. */
export async function startLyingService(url: string): Promise<LyingService> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    void fetch(`${url}${path}`).then(async (answer) => {
      const body = Buffer.from(await answer.arrayBuffer());
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
      response.end(service.bend(path, body));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const service: LyingService = {
    ...{ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked },
    bend: (_path, answer) => answer,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return service;
}
