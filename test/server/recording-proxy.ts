import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** Stands before a service and keeps every byte of both directions. */
export interface RecordingProxy {
  readonly url: string;
  /** Where connections go from now on. */
  target: string;
  /** All that passed. */
  traffic(): Buffer;
  stop(): void;
}

/** Starts one; a service that has to know its own address first is told to it later. */
export async function startRecording(target = ''): Promise<RecordingProxy> {
  const chunks: Buffer[] = [];
  const server = createServer((socket) => {
    const other = connect(Number(new URL(proxy.target).port), '127.0.0.1');
    socket.on('data', (chunk: Buffer) => void (chunks.push(chunk), other.write(chunk)));
    other.on('data', (chunk: Buffer) => void (chunks.push(chunk), socket.write(chunk)));
    for (const [one, two] of [
      [socket, other],
      [other, socket],
    ] as const) {
      one.on('close', () => two.destroy()).on('error', () => two.destroy());
    }
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const proxy: RecordingProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target,
    traffic: () => Buffer.concat(chunks),
    stop: () => void server.close(),
  };
  return proxy;
}
