import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { createApp } from '../../../server/frame/app.ts';
import { listen } from '../../../server/frame/serve.ts';

/** More than Node's own 511. */
const RUSH = 1_500;
/** Connects that often and says how many got through, at the latest after some seconds. */
const CROWD = `
  const { connect } = require('node:net');
  let through = 0;
  const tell = () => { process.stdout.write(String(through)); process.exit(); };
  for (let i = 0; i < ${RUSH}; i++) {
    connect(Number(process.argv[1]), '127.0.0.1').on('connect', () => ++through === ${RUSH} && tell()).on('error', () => undefined);
  }
  setTimeout(tell, 8_000);
`;

describe('listen', () => {
  it('lets a rush of voters connect while the service is too busy to take anybody over', async () => {
    const most = Number(readFileSync('/proc/sys/net/core/somaxconn', 'utf8'));
    const { server } = await createApp({
      ...{ name: 'test', description: 'a service', origins: [], bodyLimit: 1000, connectionRate: 1000 },
      health: () => Promise.resolve({}),
      logTo: { write: () => undefined },
    });
    const address = await listen(server, { host: '127.0.0.1', port: 0 });
    // As long as the crowd runs, this thread, and with it the service, does nothing.
    const { stdout } = spawnSync(process.execPath, ['-e', CROWD, new URL(address).port], { encoding: 'utf8' });
    await server.close();
    expect(Number(stdout)).toBeGreaterThanOrEqual(Math.min(RUSH, most));
  });
});
