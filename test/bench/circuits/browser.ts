import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import type { Row } from '../row.ts';
import { median, rowRatioAtMost } from '../row.ts';
import type { BrowserTask } from './browser-page.ts';
import type { Provable } from './prove.ts';
import { LIMITS, ballot } from './prove.ts';
import { makeSemaphore } from './semaphore.ts';

const CHROMIUM = '/usr/bin/chromium';
const SAMPLES = 7;

/** Only this bench needs a browser, so only it installs one. */
function installChromium(): void {
  if (existsSync(CHROMIUM)) return;
  process.stderr.write('installing chromium …\n');
  execFileSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], { stdio: 'ignore' });
}

/** The page's script: the prover as it is, with packages in the form they have for browsers. */
async function bundle(): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'browser-page.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'error',
  });
  const [script] = outputFiles;
  if (script === undefined) throw new Error('nothing was bundled');
  return script.contents;
}

/** Serves files from memory on a port of its own. @returns the address, and what stops it */
async function serve(files: ReadonlyMap<string, Uint8Array>): Promise<{ url: string; close: () => void }> {
  const server = createServer((request, response) => {
    const file = files.get(request.url ?? '');
    const types: Record<string, string> = { '/': 'text/html', '/page.js': 'text/javascript' };
    const type = types[request.url ?? ''] ?? 'application/octet-stream';
    response.writeHead(file ? 200 : 404, { 'content-type': type });
    response.end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

function taskOf({ name, wasm, zkey, inputs }: Provable): BrowserTask {
  const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
  const text = JSON.stringify(inputs, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  return { name, hashes: { wasm: hash(wasm), zkey: hash(zkey) }, inputs: text };
}

/** Milliseconds of a full proof in a page of headless Chromium, own prover, beside Semaphore's by snarkjs in the same page. */
export async function rows(): Promise<Row[]> {
  installChromium();
  const semaphore = { name: 'semaphore', ...(await makeSemaphore()) };
  const provable = [semaphore, ...(await Promise.all(Object.keys(LIMITS).map(ballot)))];
  const html = new TextEncoder().encode('<!doctype html><title>bench</title><script src="/page.js"></script>');
  const files = new Map<string, Uint8Array>([
    ['/', html],
    ['/page.js', await bundle()],
  ]);
  for (const { name, wasm, zkey } of provable) files.set(`/${name}.wasm`, wasm).set(`/${name}.zkey`, zkey);
  const { url, close } = await serve(files);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    await page.goto(url);
    const tasks = JSON.stringify(provable.map(taskOf));
    const times = (await page.evaluate(`timeProofs(${tasks}, ${SAMPLES})`)) as Record<string, number[]>;
    const time = (name: string): number => median(times[name] ?? []);
    return Object.entries(LIMITS).map(([circuit, limit]) =>
      rowRatioAtMost(`prove/chromium/${circuit}`, time(circuit), 'ms', time('semaphore'), limit, SAMPLES),
    );
  } finally {
    await browser.close();
    close();
  }
}
