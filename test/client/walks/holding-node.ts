import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A node in front of another, which answers all questions but one kind. */
export interface HoldingNode {
  readonly url: string;
  /** Resolves when it is asked what it does not answer. */
  readonly asked: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts a node that passes every question on and keeps one kind of them waiting for ever.
 *
 * @param method - of JSON-RPC, e.g. `eth_getLogs`
 */
export async function startHoldingNode(url: string, method: string): Promise<HoldingNode> {
  let tell = (): void => undefined;
  const asked = new Promise<void>((resolve) => (tell = resolve));
  const server = createServer((request, response) => {
    void (async () => {
      const parts: Uint8Array[] = [];
      for await (const part of request) parts.push(part as Uint8Array);
      const body = Buffer.concat(parts);
      if ((JSON.parse(body.toString()) as { readonly method: string }).method === method) return tell();
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(url, { method: 'POST', headers, body });
      response.writeHead(answer.status, headers).end(await answer.text());
    })();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    stop: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}
