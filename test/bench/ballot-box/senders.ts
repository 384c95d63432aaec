import { Agent, request } from 'node:http';
import type { SimulatedUpdate } from '../../server/simulated-voters.ts';

/** What a box answered. */
export interface Answer {
  /** 0 where the connection ended without an answer. */
  readonly status: number;
  /** Seconds, where the box names any. */
  readonly retryAfter: number | undefined;
}

/** Voters who hand in updates side by side, each on a connection of its own. */
export interface Senders {
  /** Hands in updates, taken from the end of `updates`, until `enough` says so or none is left. What is not accepted goes back. */
  send(updates: SimulatedUpdate[], enough: () => boolean, answered: (answer: Answer) => void): Promise<void>;
  close(): void;
}

/** @param count - of connections */
export function openSenders(url: string, count: number): Senders {
  const { hostname, port } = new URL(url);
  const agent = new Agent({ keepAlive: true, maxSockets: count });
  const one = (body: string): Promise<Answer> =>
    new Promise((resolve) => {
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const call = request({ agent, hostname, port, method: 'POST', path: '/v1/updates', headers }, (response) => {
        const after = response.headers['retry-after'];
        response
          .resume()
          .on('end', () =>
            resolve({ status: response.statusCode ?? 0, retryAfter: after === undefined ? undefined : Number(after) }),
          );
      });
      call.on('error', () => resolve({ status: 0, retryAfter: undefined })).end(body);
    });
  return {
    send: async (updates, enough, answered) => {
      const sender = async (): Promise<void> => {
        while (!enough()) {
          const update = updates.pop();
          if (update === undefined) return;
          const answer = await one(update.body);
          if (answer.status !== 202) updates.unshift(update);
          answered(answer);
        }
      };
      await Promise.all(Array.from({ length: count }, sender));
    },
    close: () => agent.destroy(),
  };
}
