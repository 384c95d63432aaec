import { UrnaError } from '../errors.ts';

/**
 * Asks a public service (SPEC §17.3) for what stands at `path`, at most `maxBytes` of it. Passed in: protocol/ opens no connection.
 * What it gives is never believed: everything read here is checked against the definition that the voter trusts.
 */
export type Reader = (path: string, maxBytes: number) => Promise<Uint8Array>;

/** What `read` makes of an answer; whatever is wrong with it is the service's fault, and gets `code`. */
export function readAnswer<T>(code: `public/${string}`, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UrnaError) || error.code === code) throw error;
    throw new UrnaError(code, `what the public service gave is not true: ${error.message} [${error.code}]`);
  }
}
