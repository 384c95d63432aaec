import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { request } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Json } from '../../../protocol/canonical-json.ts';

/** Services of this machine as browsers reach them in a deployment: by https, each at a host of its own, through one proxy. */
export interface Hosts {
  /** By name, the port of the service behind it. */
  readonly ports: Map<string, number>;
  /** For the browser's command line: every name ending in `.test` leads here, and the certificate is believed. */
  readonly args: readonly string[];
  /** Changes what a service answers, for services that lie; undefined as long as none does. */
  lie: Lie | undefined;
  /** What happens when a request has arrived, and before it is passed on. */
  arrived: ((path: string) => Promise<void>) | undefined;
  close(): Promise<void>;
}

/** The JSON that a service answers to a request, as it is to be instead. */
export type Lie = (answer: Record<string, Json>, request: { readonly method: string; readonly path: string }) => Json;

/** @param folder - for the proxy's certificate, which is made anew each time */
export async function startHosts(folder: string): Promise<Hosts> {
  const [key, cert] = [join(folder, 'hosts-key.pem'), join(folder, 'hosts.pem')];
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  execFileSync('openssl', [...made, '-subj', '/CN=urna.test', '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (incoming, answer) => {
    void (async () => {
      await hosts.arrived?.(incoming.url ?? '');
      forward(hosts, incoming, answer);
    })();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const hosts: Hosts = {
    ...{ ports: new Map<string, number>(), lie: undefined, arrived: undefined },
    args: [`--host-resolver-rules=MAP *.test 127.0.0.1:${port}`, '--ignore-certificate-errors'],
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
  return hosts;
}

function forward({ ports, lie }: Hosts, incoming: IncomingMessage, answer: ServerResponse): void {
  const port = ports.get(incoming.headers.host ?? '');
  if (port === undefined) return void answer.writeHead(421).end();
  const { method = '', url: path = '', headers } = incoming;
  const outgoing = request({ host: '127.0.0.1', port, method, path, headers }, (answered) => {
    void passOn(answered, answer, { method, path }, lie);
  });
  outgoing.on('error', () => answer.writeHead(502).end());
  incoming.pipe(outgoing);
}

async function passOn(
  answered: IncomingMessage,
  answer: ServerResponse,
  to: Parameters<Lie>[1],
  lie: Lie | undefined,
): Promise<void> {
  const status = answered.statusCode ?? 502;
  const isJson = answered.headers['content-type']?.startsWith('application/json') === true;
  if (lie === undefined || !isJson) {
    answer.writeHead(status, answered.headers);
    return void answered.pipe(answer);
  }
  const body = JSON.stringify(lie(JSON.parse(await text(answered)) as Record<string, Json>, to));
  answer.writeHead(status, { ...answered.headers, 'content-length': Buffer.byteLength(body) }).end(body);
}
