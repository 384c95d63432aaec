import fc from 'fast-check';
import { faultOf, send } from './answers.ts';
import type { Described } from './described.ts';
import type { Known } from './odd-requests.ts';
import { requests } from './odd-requests.ts';

/**
 * Sends every route of a running service requests made from its own description, and asks of every answer: no fault but an honest 503,
 * always a problem with a code of SPEC §16, never a stack.
 *
 * @param address - `http://127.0.0.1:…`; the service must allow many connections
 * @param runs - requests to each route
 * @param names - of what there is
 * @throws Error with the shortest request that shows a fault
 */
export async function fuzzRoutes(
  address: string,
  document: Described,
  runs: number,
  names: Known = {},
): Promise<number> {
  let sent = 0;
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      await fc.assert(
        fc.asyncProperty(requests(path, method, operation, document, names), async (odd) => {
          sent += 1;
          const fault = faultOf(await send(address, odd));
          if (fault !== undefined) throw new Error(`${odd.method} ${odd.path}: ${fault}`);
        }),
        { numRuns: runs },
      );
    }
  }
  return sent;
}
