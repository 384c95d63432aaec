import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { compressedBodies } from './compressed-bodies.ts';

/** Stands before a service and keeps every byte of both directions. */
export interface RecordingProxy {
  readonly url: string;
  /** Where connections go from now on. */
  target: string;
  /** All that passed, connection after connection and way after way, and behind it what its compressed bodies hold. */
  traffic(): Buffer;
  stop(): void;
}

/** Starts one; a service that has to know its own address first is told to it later. */
export async function startRecording(target = ''): Promise<RecordingProxy> {
  /** Of each way of each connection. */
  const ways: Buffer[][] = [];
  const server = createServer((socket) => {
    const other = connect(Number(new URL(proxy.target).port), '127.0.0.1');
    for (const [one, two] of [
      [socket, other],
      [other, socket],
    ] as const) {
      const way: Buffer[] = [];
      ways.push(way);
      one.on('data', (chunk: Buffer) => void (way.push(chunk), two.write(chunk)));
      one.on('close', () => two.destroy()).on('error', () => two.destroy());
    }
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const proxy: RecordingProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target,
    traffic: () => {
      const streams = ways.map((way) => Buffer.concat(way));
      return Buffer.concat([...streams, ...streams.flatMap(compressedBodies)]);
    },
    stop: () => void server.close(),
  };
  return proxy;
}
