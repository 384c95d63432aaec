import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { senderOfKey } from '../../../contracts/client/transact.ts';
import { publishedBuilds } from '../../../contracts/deploy/builds.ts';
import { deployContracts } from '../../../contracts/deploy/deploy.ts';
import { encodeDeployment } from '../../../contracts/deploy/deployment.ts';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import { startEmbeddedChain } from '../../../contracts/network/embedded.ts';
import { setupHash } from '../../../protocol/checks/setup-hash.ts';
import { encodeDefinition } from '../../../protocol/definition/decode.ts';
import { encodeHex, encodeText, wordHex } from '../../../protocol/encoding.ts';
import { sha256 } from '../../../protocol/hash.ts';
import { encodeVerifyingKey } from '../../../protocol/math/groth16-key.ts';
import { TRAPDOOR, connectTo, definitionFrom, draft, privateKey } from '../../contracts/deploy/development.ts';
import { buildGoObserver, observeInGo } from '../../tampered/go-observer.ts';
import { newFolder, put, urna } from '../cli/urna.ts';

const committed = join(import.meta.dirname, '../../../circuits/artifacts/ballot-2');
const folder = newFolder();
let chain: EmbeddedChain;

/** `ballot-2` as a forger publishes it: an honest manifest, but for the hash of a verifying key whose trapdoor the forger has. */
function forgeArtifacts(): Uint8Array {
  const forged = join(folder, 'artifacts/ballot-2');
  mkdirSync(forged, { recursive: true });
  cpSync(committed, forged, { recursive: true });
  const vkey = encodeText(JSON.stringify(encodeVerifyingKey(TRAPDOOR.key)));
  const honest = JSON.parse(readFileSync(join(committed, 'manifest.json'), 'utf8')) as { readonly files: object };
  const files = { ...honest.files, 'vkey.json': encodeHex(sha256(vkey)) };
  const manifest = encodeText(JSON.stringify({ ...honest, files }));
  writeFileSync(join(forged, 'vkey.json'), vkey);
  writeFileSync(join(forged, 'manifest.json'), manifest);
  return manifest;
}

const answerOf = async (...words: readonly string[]) => {
  const { status, answer } = await urna(folder, [...words, '--json']);
  return { exit: status, code: answer?.code, data: answer?.data ?? {} };
};

const setupCheckOf = (data: Readonly<Record<string, unknown>>): unknown =>
  (data['checks'] as readonly { readonly number: number }[]).find(({ number }) => number === 3);

beforeAll(async () => {
  chain = await startEmbeddedChain();
  put(folder, 'passphrase', 'one officer is enough here', 0o600);
  const { data } = await answerOf('officer', 'key', '--out', 'key.age', '--passphrase-file', 'passphrase');
  const hash = wordHex(setupHash([{ lanes: 1, manifest: forgeArtifacts() }]));
  const officers = { keys: [data['address'] as string], quorum: 1 };
  const definition = definitionFrom({ ...draft(chain, await chain.now()), officers, setupHash: hash });
  const sender = senderOfKey(await connectTo(chain), privateKey(chain, 0));
  const deployment = await deployContracts(sender, { definition, keys: [TRAPDOOR.key], builds: publishedBuilds() });
  put(folder, 'urna.config.json', JSON.stringify({ rpc: chain.url, public: '.', artifacts: 'artifacts' }));
  put(folder, 'election.json', encodeDefinition(definition));
  put(folder, 'deployment.json', encodeDeployment(deployment));
}, 300_000);
afterAll(() => chain.stop());

describe('an election with a key whose trapdoor somebody has, and a manifest that names it', () => {
  const refused = {
    exit: 3,
    code: 'setup/refused',
    data: { message: 'ballot-2: the proving key belongs to another verifying key' },
  };

  it('is not approved by officers, whoever put it on chain', async () => {
    const place = ['--definition', 'election.json', '--deployment', 'deployment.json'];
    expect(await answerOf('record', 'export', ...place, '--out', 'record')).toMatchObject({ code: 'ok' });
    const own = ['--key', 'key.age', '--passphrase-file', 'passphrase', '--record', 'record'];
    const act = ['officer', 'sign', 'approve', ...own, '--expires', '2100-01-01T00:00:00Z', '--out', 'approve.json'];
    expect(await answerOf(...act, ...place)).toEqual(refused);
  }, 300_000);

  // A record holds no proving key, and a verifying key shows nothing of who made it: what the manifest says of that is the publisher's word (SPEC §13.2).
  it('passes check 3 of both verifiers, which the gate alone would have kept from a vote', async () => {
    const { data } = await answerOf('record', 'verify', 'record');
    expect(setupCheckOf(data)).toMatchObject({ ok: true, items: 1 });
    const codes = Object.entries(publishedBuilds());
    const build = codes.map(([name, { codeBytes, codeHash }]) => [name, { codeBytes, codeHash }]);
    put(folder, 'build.json', JSON.stringify(Object.fromEntries(build)));
    const other = await observeInGo(buildGoObserver(), join(folder, 'record'), join(folder, 'build.json'));
    expect(setupCheckOf(other.data)).toMatchObject({ ok: true, items: 1 });
  }, 300_000);
});
