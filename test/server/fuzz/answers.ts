import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';

/** What a fuzzed service answered. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** A request to be sent as it is. */
export interface Odd {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Codes of SPEC §16, a row with `…` standing for all that begin so. */
const CODES = [
  ...readFileSync(join(import.meta.dirname, '../../../protocol/SPEC.md'), 'utf8').matchAll(
    /^\|(.*?)\| (?:\d+|–) \|(.*)\|$/gmu,
  ),
];
const known = new Set(
  CODES.flatMap(([, names = '']) => [...names.matchAll(/`([a-z0-9-]+\/[a-z0-9-]+)`/gu)].map(([, code = '']) => code)),
);
for (const [, names = '', meaning = ''] of CODES) {
  const [, family] = /`([a-z0-9-]+\/)…`/u.exec(names) ?? [];
  if (family !== undefined) for (const [, name = ''] of meaning.matchAll(/`([a-z0-9-]+)`/gu)) known.add(family + name);
}

/** The code of a problem; empty for what is none. */
export function codeOf({ type, body }: Answer): string {
  if (!type.startsWith('application/problem+json') || body === '') return '';
  return (JSON.parse(body) as { readonly type?: string }).type?.replace('urn:urna:error:', '') ?? '';
}

/** What is wrong with an answer, if anything is. */
export function faultOf(answer: Answer): string | undefined {
  if (/\bat .+\.(?:ts|mjs|js):\d+|node_modules/u.test(answer.body)) return 'it shows a stack';
  if (answer.status < 400) return undefined;
  if (!answer.type.startsWith('application/problem+json')) return `${answer.status} of type ${answer.type}`;
  // HEAD is answered without the problem that it is of.
  if (answer.body === '') return answer.status < 500 ? undefined : 'a fault without an explanation';
  const { status } = JSON.parse(answer.body) as { readonly status?: number };
  const code = codeOf(answer);
  if (status !== answer.status) return 'its status is not the problem’s';
  if (!known.has(code)) return `its code ${code} is not in SPEC §16`;
  return answer.status >= 500 && answer.status !== 503 ? `it answers ${answer.status} ${code}` : undefined;
}

/** Sends a request on a connection of its own. Streams that never end are left after their first bytes. */
export function send(address: string, { method, path, headers, body }: Odd): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      `${address}${path}`,
      { method, headers: { ...headers, connection: 'close' } },
      (answer) => {
        const chunks: Buffer[] = [];
        const type = String(answer.headers['content-type'] ?? '');
        const done = (): void =>
          resolve({ status: answer.statusCode ?? 0, type, body: Buffer.concat(chunks).toString('utf8') });
        answer.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          if (type.startsWith('text/event-stream')) {
            done();
            sent.destroy();
          }
        });
        answer.once('end', done).once('error', reject);
      },
    );
    sent.once('error', reject);
    sent.end(body);
  });
}
