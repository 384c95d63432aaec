import { createServer, request } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands before a provider; while it is told to, it answers at the token endpoint in the provider's place. */
export interface TokenProxy {
  readonly url: string;
  /** Address of the provider. */
  target: string;
  /** Answers in the provider's place; undefined to pass everything on. */
  instead: ((answer: ServerResponse) => void) | undefined;
  stop(): void;
}

export async function startTokenProxy(): Promise<TokenProxy> {
  const server = createServer((asked, answer) => {
    if (proxy.instead !== undefined && asked.url?.startsWith('/token') === true) {
      asked.resume().once('end', () => proxy.instead?.(answer));
      return;
    }
    const { url, method, headers } = asked;
    const passed = request(`${proxy.target}${url}`, { method, headers }, (own) => {
      answer.writeHead(own.statusCode ?? 502, own.headers);
      own.pipe(answer);
    });
    asked.pipe(passed.once('error', () => answer.destroy()));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const proxy: TokenProxy = {
    ...{ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, target: '', instead: undefined },
    stop: () => void (server.close(), server.closeAllConnections()),
  };
  return proxy;
}
