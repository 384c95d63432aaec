import { canonicalJson, parseJson } from '../../protocol/canonical-json.ts';
import type { Json } from '../../protocol/canonical-json.ts';
import { concatBytes } from '../../protocol/encoding.ts';
import { UrnaError, require } from '../../protocol/errors.ts';
import type { ServerUrl } from './server-url.ts';

/** How long a service may take for one answer, in milliseconds, and how many bytes of it are read. */
export interface Patience {
  readonly timeout: number;
  readonly maxBytes: number;
  /** Cookies of one exchange of several requests, by name, or those that a browser keeps for the service; none otherwise. */
  readonly cookies?: Cookies;
}
type Cookies = Map<string, string> | 'of-browser';

/** Bytes a millisecond that a download must reach. */
const SLOWEST = 20;
const PATIENCE: Patience = { timeout: 30_000, maxBytes: 2 ** 20 };
/** A problem's type (SPEC §17): nothing else of it becomes a code of ours. */
const PROBLEM = /^urn:urna:error:([a-z0-9-]{1,40}\/[a-z0-9-]{1,60})$/u;

/** The JSON at `path` of a service. @throws the service's own code, `server/unreachable`, `server/answer` */
export function getJson(server: ServerUrl, path: string, patience: Partial<Patience> = {}): Promise<Json> {
  return askJson(server, path, {}, { ...PATIENCE, ...patience });
}

/** What a service answers to `body`. @throws the service's own code, `server/unreachable`, `server/answer` */
export function postJson(server: ServerUrl, path: string, body: Json, patience: Partial<Patience> = {}): Promise<Json> {
  const headers = { 'content-type': 'application/json' };
  return askJson(server, path, { method: 'POST', body: canonicalJson(body), headers }, { ...PATIENCE, ...patience });
}

/** The bytes at `path` of a service: tiles, segments, published files. @throws the codes of {@link getJson} */
export async function getBytes(server: ServerUrl, path: string, patience: Partial<Patience> = {}): Promise<Uint8Array> {
  return (await ask(server, path, {}, { ...PATIENCE, ...patience })).bytes;
}

/** A part of a file, and how long the whole is. */
export interface Part {
  readonly bytes: Uint8Array;
  readonly total: number;
}

/** `length` bytes from `first` on of the file at `path`, fewer at its end. @throws the codes of {@link getJson} */
export async function getPart(
  server: ServerUrl,
  path: string,
  { first, length }: { readonly first: number; readonly length: number },
  patience: Partial<Patience> = {},
): Promise<Part> {
  const headers = { range: `bytes=${first}-${first + length - 1}` };
  const { bytes, range } = await ask(server, path, { headers }, { ...PATIENCE, ...patience, maxBytes: length });
  const [, from, total] = /^bytes (\d+)-\d+\/(\d+)$/u.exec(range ?? '') ?? [];
  require(Number(from) ===
    first, 'server/answer', 'the server gave another part of the file: is this the right address?');
  return { bytes, total: Number(total) };
}

/**
 * The bytes at `path` of a service as they come, for what is too large to be held.
 *
 * @throws the codes of {@link getBytes}; those of the body while it is read
 */
export async function getStream(
  server: ServerUrl,
  path: string,
  { maxBytes }: Pick<Patience, 'maxBytes'>,
): Promise<AsyncIterable<Uint8Array>> {
  const signal = AbortSignal.timeout(PATIENCE.timeout + Math.ceil(maxBytes / SLOWEST));
  const response = await fetch(`${server}${path}`, { redirect: 'error', signal }).catch(unreachable);
  const type = typeOf(response);
  if (!response.ok) throw problemOf(response.status, type, await readUpTo(response, PATIENCE.maxBytes));
  return chunksUpTo(response, maxBytes);
}

async function* chunksUpTo(response: Response, maxBytes: number): AsyncGenerator<Uint8Array> {
  let read = 0;
  try {
    for await (const chunk of chunksOf(response)) {
      read += chunk.length;
      require(read <=
        maxBytes, 'server/answer', `the server’s answer has more than the ${maxBytes} bytes that it may have`);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof UrnaError) throw error;
    unreachable();
  }
}

async function askJson(server: ServerUrl, path: string, init: RequestInit, patience: Patience): Promise<Json> {
  const { bytes, type } = await ask(server, path, init, patience);
  require(type === 'application/json', 'server/answer', 'the server’s answer is no JSON: is this the right address?');
  return parseAnswer(bytes);
}

interface Answer {
  readonly bytes: Uint8Array;
  readonly type: string;
  /** `Content-Range` of an answer that is a part. */
  readonly range: string | null;
}

async function ask(server: ServerUrl, path: string, init: RequestInit, patience: Patience): Promise<Answer> {
  const signal = AbortSignal.timeout(patience.timeout);
  const headers = { ...(init.headers as Record<string, string>), ...cookieHeader(patience.cookies) };
  const credentials = patience.cookies === 'of-browser' ? 'include' : 'same-origin';
  const request: RequestInit = { ...init, headers, credentials, redirect: 'error', signal };
  const response = await fetch(`${server}${path}`, request).catch(unreachable);
  keepCookies(response, patience.cookies);
  const bytes = await readUpTo(response, patience.maxBytes);
  const type = typeOf(response);
  if (!response.ok) throw problemOf(response.status, type, bytes);
  return { bytes, type, range: response.headers.get('content-range') };
}

function typeOf(response: Response): string {
  return (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

function cookieHeader(cookies: Cookies = 'of-browser'): Record<string, string> {
  if (cookies === 'of-browser') return {};
  const pairs = [...cookies].map(([name, value]) => `${name}=${value}`);
  return pairs.length === 0 ? {} : { cookie: pairs.join('; ') };
}

/** In a browser there is nothing to see of them, and not every browser has the function. */
function keepCookies(response: Response, cookies: Cookies = 'of-browser'): void {
  if (cookies === 'of-browser') return;
  for (const line of response.headers.getSetCookie()) {
    const [, name, value] = /^([^=;\s]+)=([^;\s]*)/u.exec(line) ?? [];
    if (name !== undefined && value !== undefined) cookies.set(name, value);
  }
}

/** The body as it comes; by its reader, since not every browser iterates over a stream. Who stops early gives the connection up. */
async function* chunksOf({ body }: Response): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  if (reader === undefined) return;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } finally {
    await reader.cancel();
  }
}

async function readUpTo(response: Response, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let read = 0;
  try {
    for await (const chunk of chunksOf(response)) {
      read += chunk.length;
      // Leaving the loop gives the connection up: nothing more is read.
      if (read > maxBytes) break;
      chunks.push(chunk);
    }
  } catch {
    unreachable();
  }
  require(read <=
    maxBytes, 'server/answer', `the server’s answer has more than the ${maxBytes} bytes that it may have`);
  return concatBytes(...chunks);
}

/** Whatever the network says: a voter can only try again, or another address. */
function unreachable(): never {
  throw new UrnaError('server/unreachable', 'the server does not answer: try again later, or check its address');
}

function parseAnswer(bytes: Uint8Array): Json {
  try {
    return parseJson(bytes);
  } catch {
    throw new UrnaError('server/answer', 'the server’s answer is no JSON: is this the right address?');
  }
}

/** The service's own error; its sentence without what could move a terminal's cursor. */
function problemOf(status: number, type: string, bytes: Uint8Array): UrnaError {
  if (type === 'application/problem+json') {
    const { type: urn, detail } = parseAnswer(bytes) as { readonly type?: Json; readonly detail?: Json };
    const code = typeof urn === 'string' ? PROBLEM.exec(urn)?.[1] : undefined;
    if (code !== undefined && typeof detail === 'string') return new UrnaError(code, printable(detail));
  }
  if (status >= 500) unreachable();
  return new UrnaError('server/answer', `the server answers ${status} without saying why: is this the right address?`);
}

function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, ' ').slice(0, 500);
}
