import closeWithGrace from 'close-with-grace';
import type { FastifyInstance } from 'fastify';
import { UrnaError } from '../../protocol/errors.ts';

/** Milliseconds that requests under way and background work have to end. */
const GRACE = 10_000;

/**
 * Connections that the kernel keeps for a service which is too busy to take them over (Linux cuts it to `net.core.somaxconn`). With Node's 511
 * a rush of voters is reset, and learns neither that the service is busy nor for how long.
 */
const BACKLOG = 4_096;

/** Where a service is to be reached; port 0 for any that is free. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** Listens. @returns the address */
export function listen(server: FastifyInstance, { host, port }: Place): Promise<string> {
  return server.listen({ host, port, backlog: BACKLOG, listenTextResolver: () => 'listening' });
}

/** Listens, and ends in order when told to: no new requests, those under way answered, then `close`. @returns the address */
export async function serve(server: FastifyInstance, place: Place, close: () => Promise<void>): Promise<string> {
  const address = await listen(server, place);
  closeWithGrace({ delay: GRACE, logger: false }, async ({ err, signal }) => {
    server.log.info({ signal, error: err?.name }, 'ending');
    await server.close();
    await close();
  });
  return address;
}

/** Runs a service's main function; what it cannot start for is one line for a person, without a stack. */
export async function runMain(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    const known = error instanceof UrnaError ? `${error.message} [${error.code}]` : 'it failed unexpectedly';
    process.stderr.write(`cannot start: ${known}\n`);
    if (!(error instanceof UrnaError) && error instanceof Error) process.stderr.write(`${error.name}\n`);
    process.exit(error instanceof UrnaError && error.code.startsWith('config/') ? 2 : 70);
  }
}
