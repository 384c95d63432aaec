import closeWithGrace from 'close-with-grace';
import type { FastifyInstance } from 'fastify';
import { UrnaError } from '../../protocol/errors.ts';
import { EXIT, codeOf, exitOf } from '../../protocol/node/exit-codes.ts';
import { fileError } from '../../protocol/node/files.ts';
import { knownError } from './problem.ts';

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

/** Listens. @returns the address @throws `state/address` where another program listens, `config/address` where none can */
export async function listen(server: FastifyInstance, { host, port }: Place): Promise<string> {
  try {
    return await server.listen({ host, port, backlog: BACKLOG, listenTextResolver: () => 'listening' });
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw new UrnaError('state/address', `another program listens at port ${port} of ${host}`);
    if (typeof syscall !== 'string') throw error;
    throw new UrnaError('config/address', `nobody can listen at port ${port} of ${host}: ${code ?? syscall}`);
  }
}

/**
 * Listens, and ends in order when told to: no new requests, those under way answered, then `close`. The exit status is 0 then, and otherwise
 * as in SPEC §16: of an error that nobody caught its own, of an end that fails or takes too long 70.
 *
 * @returns the address @throws as {@link listen}
 */
export async function serve(server: FastifyInstance, place: Place, close: () => Promise<void>): Promise<string> {
  const fail = (): void => process.exit(EXIT.internal);
  const ends = { delay: GRACE, logger: false, onTimeout: fail, onSecondError: fail } as const;
  closeWithGrace(ends, async ({ err, signal }) => {
    server.log.info({ signal, error: err?.name }, 'ending');
    try {
      await server.close();
      await close();
    } catch (error) {
      process.exit(exitOf(codeOf(err ?? error)));
    }
    if (err !== undefined) process.exit(exitOf(codeOf(err)));
  });
  return listen(server, place);
}

/**
 * Runs a program's main function. What it fails with is one line for a person, without a stack, and the exit status of SPEC §16.
 *
 * @param failing - what the line begins with
 */
export async function runMain(main: () => Promise<void>, failing = 'cannot start'): Promise<void> {
  try {
    await main();
  } catch (error) {
    const known = knownError(error) ?? ofFile(error);
    const sentence = known === undefined ? 'it failed unexpectedly' : `${known.message} [${known.code}]`;
    process.stderr.write(`${failing}: ${sentence}\n`);
    if (known === undefined && error instanceof Error) process.stderr.write(`${error.name}\n`);
    process.exit(exitOf(codeOf(known)));
  }
}

/** Whatever a file system refuses names the path. */
function ofFile(error: unknown): UrnaError | undefined {
  const { path, syscall } = error as NodeJS.ErrnoException;
  return path === undefined || syscall === undefined ? undefined : fileError(error, path);
}
