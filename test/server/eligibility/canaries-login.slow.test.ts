import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { canonicalBytes } from '../../../protocol/canonical-json.ts';
import { decodeHex, encodeText, encodeWord, wordHex } from '../../../protocol/encoding.ts';
import type { EligibilityService } from '../../../server/eligibility/service.ts';
import { createEligibility } from '../../../server/eligibility/service.ts';
import { registerByLogin } from '../../client/walks/two-offices.ts';
import type { Canary } from '../canaries.ts';
import { findLeaks, folderBytes } from '../canaries.ts';
import type { RecordingProxy } from '../recording-proxy.ts';
import { startRecording } from '../recording-proxy.ts';
import { voterFolder } from './command.ts';
import { sealedSubjects } from './sealed-subjects.ts';
import { startProvider } from './start-provider.ts';
import type { RegistrarWorld } from './world.ts';
import { CODE, openRegistration } from './world.ts';

const SUBJECT = 'a-person-as-the-provider-knows-her';
const SECRET = 'a secret of this test';

let world: RegistrarWorld;
let service: EligibilityService;
let provider: ChildProcess;
let [registrarProxy, providerProxy] = [] as unknown as [RecordingProxy, RecordingProxy];
const log: string[] = [];

beforeAll(async () => {
  world = await openRegistration([1, 1], (definition) => (definition['assurance'] = 'two-office'));
  [registrarProxy, providerProxy] = [await startRecording(), await startRecording()];
  const oidcCallbackUrl = `${registrarProxy.url}/v1/oidc/callback`;
  const provided = await startProvider(oidcCallbackUrl, providerProxy.url);
  provider = provided.process;
  providerProxy.target = provided.address;
  const oidcClientSecretFile = join(world.folder, 'client-secret');
  writeFileSync(oidcClientSecretFile, `${SECRET}\n`, { mode: 0o600 });
  const settings = {
    ...{ ...world.settings, oidcIssuer: provided.issuer, oidcClientId: 'registrar', oidcClientSecretFile },
    ...{ oidcCallbackUrl, ...sealedSubjects(world, provided.issuer, [SUBJECT]) },
  };
  service = await createEligibility(settings, { write: (line) => void log.push(line) });
  registrarProxy.target = await service.app.server.listen({ host: '127.0.0.1', port: 0 });
}, 300_000);
afterAll(async () => {
  provider.kill('SIGKILL');
  for (const proxy of [registrarProxy, providerProxy]) proxy.stop();
  await service.app.server.close();
  await service.close();
  await world.close();
});

/** What only the voter has. */
function secretsOf({ identity, credential }: ReturnType<RegistrarWorld['voter']>): Canary[] {
  return [
    { name: 'identity', bytes: identity.privateKey },
    { name: 'secret scalar', bytes: encodeWord(identity.secretScalar) },
    { name: 'credential seed', bytes: credential.seed },
    { name: 'code', bytes: encodeText(CODE) },
  ];
}

function word(text: string, pattern: RegExp): Uint8Array {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`no ${pattern.source} passed`);
  return decodeHex(`0x${found}`, 32);
}

describe('registration with a second factor', () => {
  it('gives no secret to the registrar, and neither commitment nor salt to the provider', async () => {
    const voter = voterFolder(world);
    const { identity, key, credential, district } = world.voter(0, 0);
    writeFileSync(join(voter.folder, 'code.txt'), CODE, { mode: 0o600 });
    const commitmentFile = canonicalBytes({ type: 'urna/v1/commitment', commitment: wordHex(identity.commitment) });
    voter.put('identity.commitment.json', Buffer.from(commitmentFile).toString());
    const offices = { url: registrarProxy.url, callbackUrl: `${registrarProxy.url}/v1/oidc/callback` };
    const { status, shown } = await registerByLogin({ name: 'voter', folder: voter.folder }, offices, SUBJECT);
    expect([status, shown]).toEqual([0, expect.stringContaining('registered')]);

    const traffic = registrarProxy.traffic();
    const text = traffic.toString('latin1');
    const secrets = secretsOf({ identity, key, credential, district });
    const places = {
      store: folderBytes(join(world.folder, 'redis')),
      log: Buffer.from(log.join('')),
      provider: providerProxy.traffic(),
    };
    expect(findLeaks({ ...places, traffic }, secrets)).toEqual([]);
    // The provider's client secret is in its file and in what goes to the provider; who she is, and what ties her browser to the login, nowhere in clear.
    const person: Canary = { name: 'subject', bytes: encodeText(SUBJECT) };
    const cookie: Canary = { name: 'cookie', bytes: word(text, /set-cookie: [^=]+=([0-9a-f]{64})/iu) };
    const client: Canary = { name: 'client secret', bytes: encodeText(SECRET) };
    expect(findLeaks({ store: places.store, log: places.log }, [person, cookie, client])).toEqual([]);
    expect(findLeaks({ traffic }, [client])).toEqual([]);
    const salt: Canary = { name: 'salt', bytes: word(text, /"salt":"0x([0-9a-f]{64})"/u) };
    const commitment: Canary = { name: 'commitment', bytes: encodeWord(identity.commitment) };
    const credentialKey: Canary = { name: 'credential key', bytes: decodeHex(key, 32) };
    const bound = [salt, commitment, credentialKey];
    expect(findLeaks({ provider: places.provider, log: places.log }, [...bound, cookie])).toEqual([]);
    // The scan can see: the login's store held what came from the voter, and the provider heard of the person.
    expect(findLeaks({ store: places.store, traffic }, bound)).toEqual(
      ['store', 'traffic'].flatMap((place) => bound.map(({ name }) => `${place}: ${name}`)),
    );
    expect(findLeaks({ traffic }, [cookie])).toEqual(['traffic: cookie']);
    expect(findLeaks({ provider: places.provider }, [person])).toEqual(['provider: subject']);
  }, 120_000);
});
