import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import staticFiles from '@fastify/static';
import { describe, expect, it } from '@jest/globals';
import { fastify } from 'fastify';
import { canonicalBytes } from '../../../protocol/canonical-json.ts';
import { webHash } from '../../../protocol/definition/web-hash.ts';
import { exampleDefinition } from '../../protocol/definition/example.ts';
import { newFolder, urna, verdict } from '../cli/urna.ts';

const WEB = join(import.meta.dirname, '../../../dist/web');

describe('urna observe web', () => {
  it('finds one changed file, under the address that a browser asks, and another client altogether', async () => {
    const folder = newFolder();
    const named = webHash(Uint8Array.from(readFileSync(join(WEB, 'urna-web.json'))));
    writeFileSync(join(folder, 'election.json'), canonicalBytes({ ...exampleDefinition(), webHash: named }));
    const other = newFolder();
    cpSync(WEB, other, { recursive: true });
    const host = fastify();
    await host.register(staticFiles, { root: other });
    const address = await host.listen({ port: 0, host: '127.0.0.1' });
    const words = ['observe', 'web', address, '--definition', 'election.json'];
    expect(await verdict(folder, ...words)).toEqual({ exit: 0, code: 'ok' });
    const page = readFileSync(join(other, 'results/index.html'), 'utf8');
    writeFileSync(join(other, 'results/index.html'), page.replace('</body>', '<p>Vote here</p></body>'));
    const { status, answer } = await urna(folder, [...words, '--json']);
    expect([status, answer?.code, answer?.data['wrong']]).toEqual([1, 'check/web', ['results/index.html', 'results/']]);
    rmSync(join(other, 'results'), { recursive: true });
    expect(await verdict(folder, ...words)).toEqual({ exit: 1, code: 'check/web' });
    writeFileSync(join(other, 'urna-web.json'), '{"../../etc/passwd": 1}');
    expect(await verdict(folder, ...words)).toEqual({ exit: 3, code: 'web/manifest' });
    await host.close();
  });
});
