import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { App } from '../../../server/frame/app.ts';
import { createApp } from '../../../server/frame/app.ts';

async function slowApp() {
  const app = await createApp({
    ...{ name: 'test', description: 'a service', origins: [], bodyLimit: 1000, connectionRate: 1000 },
    health: () => Promise.resolve({}),
    logTo: { write: () => undefined },
  });
  const seen = { requests: 0 };
  app.server.get('/v1/slow', async () => {
    seen.requests += 1;
    await pause(1_000);
    return { done: true };
  });
  const address = await app.server.listen({ host: '127.0.0.1', port: 0, listenTextResolver: () => 'listening' });
  return { app, address, seen };
}

describe('a service that ends', () => {
  it('answers every request under way, and takes no new ones', async () => {
    const { app, address, seen } = await slowApp();
    const underWay = Array.from({ length: 40 }, async () => {
      const answer = await fetch(`${address}/v1/slow`);
      return [answer.status, await answer.json()];
    });
    while (seen.requests < underWay.length) await pause(5);
    const closed = app.server.close();
    await pause(50);
    const late = await fetch(`${address}/v1/slow`).then(
      ({ status }) => status,
      () => 'refused',
    );
    expect(['refused', 503]).toContain(late);
    expect(await Promise.all(underWay)).toEqual(Array.from({ length: 40 }, () => [200, { done: true }]));
    await soon(closed);
  });

  it('waits for nobody who has connected and asks nothing, or only half a question', async () => {
    const { app, address } = await slowApp();
    const open = ['', 'GET /v1/slow HTTP/1.1\r\nHost: a\r\n'].map((text) => {
      const socket = connect(Number(new URL(address).port), '127.0.0.1');
      socket.write(text);
      return once(
        socket.on('error', () => undefined),
        'close',
      );
    });
    while ((await connections(app)) < open.length) await pause(5);
    await soon(app.server.close());
    await Promise.all(open);
  });
});

/** Not when connections have timed out, which takes more than a minute. */
function soon(closed: Promise<unknown>): Promise<unknown> {
  const late = pause(20_000, undefined, { ref: false }).then(() => Promise.reject(new Error('it does not end')));
  return Promise.race([closed, late]);
}

function connections({ server }: App): Promise<number> {
  return new Promise((resolve) => server.server.getConnections((_error, count) => resolve(count)));
}
