import { connect, createServer } from 'node:net';
import type { AddressInfo, NetConnectOpts } from 'node:net';

/** Stands between a process and what it asks, a store or another server, and can have it killed over a question. */
export interface Door {
  readonly port: number;
  /** Where connections lead from now on. */
  target: NetConnectOpts;
  /** Calls `kill` over the nth question from now on: it is asked, and its answer reaches nobody. */
  arm(nth: number, kill: () => void): void;
  /** Lets everything through again. */
  disarm(): void;
  close(): void;
}

/** Opens one. What a client sends at once is one question. */
export async function openDoor(target: NetConnectOpts): Promise<Door> {
  let plan: { left: number; readonly kill: () => void } | undefined;
  const server = createServer((asker) => {
    const asked = connect(door.target);
    let over: (() => void) | undefined;
    asker.on('data', (chunk: Buffer) => {
      if (plan !== undefined && --plan.left === 0) over = plan.kill;
      asked.write(chunk);
    });
    asked.on('data', (chunk: Buffer) => (over === undefined ? asker.write(chunk) : over()));
    for (const [one, two] of [
      [asker, asked],
      [asked, asker],
    ] as const) {
      one.on('close', () => two.destroy()).on('error', () => two.destroy());
    }
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const door: Door = {
    port: (server.address() as AddressInfo).port,
    target,
    arm: (nth, kill) => (plan = { left: nth, kill }),
    disarm: () => (plan = undefined),
    close: () => void server.close(),
  };
  return door;
}
