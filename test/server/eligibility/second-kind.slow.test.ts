import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '../../../protocol/canonical-json.ts';
import { parseJson } from '../../../protocol/canonical-json.ts';
import { sign, signingKey, verifySignature } from '../../../protocol/credentials/ed25519.ts';
import { loginNonce } from '../../../protocol/credentials/login-nonce.ts';
import type { Registration } from '../../../protocol/credentials/registration.ts';
import { decodeHex, encodeHex, encodeText, wordHex } from '../../../protocol/encoding.ts';
import { UrnaError, require } from '../../../protocol/errors.ts';
import { toField } from '../../../protocol/math/field.ts';
import { readRegistrationReceipt } from '../../../protocol/receipts/registration-receipt.ts';
import type { SecondFactorKind } from '../../../server/eligibility/second-factor/kinds.ts';
import { kindOf } from '../../../server/eligibility/second-factor/kinds.ts';
import type { EligibilityService } from '../../../server/eligibility/service.ts';
import { createEligibility } from '../../../server/eligibility/service.ts';
import type { EligibilitySettings } from '../../../server/eligibility/settings.ts';
import { needsSecondFactor } from '../../../server/eligibility/settings.ts';
import { Browser } from './browser.ts';
import { sealedSubjects } from './sealed-subjects.ts';
import type { RegistrarWorld } from './world.ts';
import { bodyOf, openRegistration } from './world.ts';

const DESK = 'https://desk.example';
const SALT = wordHex(77n);
/** The second office's key: at its desk a person shows a passport and gets a pass for one login, signed with it. */
const office = signingKey(new Uint8Array(32).fill(3));
const passFor = (subject: string, nonce: string): Uint8Array => encodeText(`${subject}\n${nonce}`);

/** A second factor that is not OpenID Connect, as a plug-in. */
const desk: SecondFactorKind = {
  needs: ['oidcCallbackUrl'],
  issuer: () => DESK,
  open: async ({ oidcCallbackUrl: callbackUrl }) => ({
    ...{ callbackUrl, returnUrl: undefined },
    factor: {
      async begin({ registration, salt, state }) {
        const nonce = loginNonce(registration.commitment, salt);
        return { url: `${DESK}/pass?${new URLSearchParams({ state, nonce }).toString()}`, memory: 'asked at the desk' };
      },
      async finish(callback, { registration, salt, memory }) {
        require(memory === 'asked at the desk', 'internal/memory', 'what was to be kept was not');
        const { subject = '', pass = '' } = Object.fromEntries(callback.searchParams);
        const message = passFor(subject, loginNonce(registration.commitment, salt));
        if (verifySignature(office.publicKey, message, decodeHex(`0x${pass}`, 64))) return subject;
        throw new UrnaError('second-factor/refused', 'the desk has not signed this pass');
      },
    },
  }),
};

let world: RegistrarWorld;
let settings: EligibilitySettings;
let service: EligibilityService;
let url: string;

beforeAll(async () => {
  world = await openRegistration([2, 1], (definition) => (definition['assurance'] = 'two-office'));
  settings = {
    ...{ ...world.settings, secondFactor: 'desk', oidcCallbackUrl: 'http://127.0.0.1:1/v1/oidc/callback' },
    ...sealedSubjects(world, DESK, ['anna', 'bert']),
  };
  service = await createEligibility(settings, { write: () => undefined }, { desk });
  url = `${await service.app.server.listen({ host: '127.0.0.1', port: 0 })}/v1`;
}, 120_000);
afterAll(async () => {
  await service.app.server.close();
  await service.close();
  await world.close();
});

/** Registers as `subject`, who shows the pass that was signed for `signed`, the own registration unless it is another. */
async function register(
  registration: Registration,
  subject: string,
  signed = registration,
): Promise<Record<string, Json>> {
  const browser = new Browser();
  const init = { method: 'POST', headers: { 'content-type': 'application/json' } };
  const body = JSON.stringify({ ...bodyOf(registration), salt: SALT });
  const begun = (await (await browser.fetch(`${url}/registrations`, { ...init, body })).json()) as { login: string };
  const login = new URL(begun.login);
  expect([login.origin, login.searchParams.get('nonce')]).toEqual([DESK, loginNonce(registration.commitment, SALT)]);
  const pass = encodeHex(sign(office, passFor(subject, loginNonce(signed.commitment, SALT)))).slice(2);
  const back = new URLSearchParams({ state: login.searchParams.get('state') ?? '', subject, pass });
  return parseJson(await (await browser.fetch(`${url}/oidc/callback?${back.toString()}`)).text()) as Record<
    string,
    Json
  >;
}

describe('a second factor of another kind', () => {
  it('registers who has its word for this commitment and is eligible, and nobody else', async () => {
    const [first, second] = [world.sign(world.voter(0, 0)), world.sign(world.voter(0, 1))];
    const refused = (code: string): unknown => expect.objectContaining({ type: `urn:urna:error:${code}` });
    expect(await register(first, 'anna', second)).toEqual(refused('second-factor/refused'));
    expect(await register(first, 'mallory')).toEqual(refused('second-factor/not-eligible'));
    const receipt = await register(first, 'anna');
    readRegistrationReceipt(receipt, world.context, first, world.made.definition.registrar);
    expect(await register(second, 'anna')).toEqual(refused('second-factor/subject-taken'));
    expect(await register(world.sign(world.voter(0, 0), 2, toField(5n)), 'bert')).toEqual(
      refused('second-factor/other-subject'),
    );
  }, 60_000);

  it('is needed with its own settings and the sealed list, and is one that there is', () => {
    const { definition } = world.made;
    const code: unknown = expect.objectContaining({ code: 'config/second-factor' });
    expect(needsSecondFactor(definition, settings, desk)).toBe(true);
    for (const name of ['oidcCallbackUrl', 'subjectsFile', 'subjectsSealFile'] as const) {
      expect(() => needsSecondFactor(definition, { ...settings, [name]: '' }, desk)).toThrow(code as never);
    }
    expect(() => kindOf(settings)).toThrow(code as never);
    expect(() => kindOf({ secondFactor: 'toString' })).toThrow(code as never);
    expect(kindOf(settings, { desk })).toBe(desk);
  });
});
