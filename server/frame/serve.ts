import closeWithGrace from 'close-with-grace';
import type { FastifyInstance } from 'fastify';
import { UrnaError } from '../../protocol/errors.ts';

/** Milliseconds that requests under way and background work have to end. */
const GRACE = 10_000;

/** Listens, and ends in order when told to: no new requests, those under way answered, then `close`. @returns the address */
export async function serve(
  server: FastifyInstance,
  { host, port }: { readonly host: string; readonly port: number },
  close: () => Promise<void>,
): Promise<string> {
  const address = await server.listen({ host, port, listenTextResolver: () => 'listening' });
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
