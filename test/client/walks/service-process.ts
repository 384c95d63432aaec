import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const DIST = fileURLToPath(new URL('../../../dist/', import.meta.url));

/** A service as a process of its own. */
export interface ServiceProcess {
  readonly url: string;
  /** All that it has logged. */
  said(): string;
  /** Ends it as a power cut does. */
  kill(): Promise<void>;
  /** Ends it as an operator does. @returns its exit status */
  stop(): Promise<number | null>;
}

/** A TCP port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Starts `dist/<name>.mjs` with settings as flags, on a free port unless they name one, and waits until it answers. @throws Error with its output if it ends first */
export async function startService(
  name: string,
  settings: Readonly<Record<string, string | number>>,
): Promise<ServiceProcess> {
  const port = settings['port'] ?? (await freePort());
  const flag = (key: string): string => `--${key.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)}`;
  const flags = Object.entries({ ...settings, port }).flatMap(([key, value]) => [flag(key), String(value)]);
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
  const child = spawn(process.execPath, ['--no-warnings', `${DIST}${name}.mjs`, ...flags], { env });
  const said: string[] = [];
  const note = (text: string): void => void said.push(text);
  child.stdout.setEncoding('utf8').on('data', note);
  child.stderr.setEncoding('utf8').on('data', note);
  const ended = once(child, 'exit');
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await ended;
    process.removeListener('exit', killed);
    return child.exitCode;
  };
  const killed = (): void => void child.kill('SIGKILL');
  process.once('exit', killed);
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${name} ended: ${said.slice(-50).join('')}`);
    const response = await fetch(`${url}/v1/healthz`).catch(() => undefined);
    if (response?.ok === true)
      return {
        url,
        said: () => said.join(''),
        kill: async () => void (await end('SIGKILL')),
        stop: () => end('SIGTERM'),
      };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
