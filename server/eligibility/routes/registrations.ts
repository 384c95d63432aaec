import type { FastifyInstance } from 'fastify';
import type { Json } from '../../../protocol/canonical-json.ts';
import { readRegistration } from '../../../protocol/credentials/registration.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { require } from '../../../protocol/errors.ts';
import type { Eligibility } from '../eligibility.ts';
import { findSame, receiptOf, registerNow, requireTakeable } from '../eligibility.ts';
import { beginLogin } from '../second-factor/logins.ts';
import { setLoginCookie } from './login-cookie.ts';
import { district, exactly, problem, registrationReceipt, sequence, signature64, word } from './schemas.ts';

const registration = { commitment: word, credentialKey: word, district, sequence, signature: signature64 } as const;

const schema = {
  summary: 'Register a commitment, or replace the one registered',
  description:
    'Signed with the credential (SPEC §5.4). The same again gets the same receipt. In an election with a second factor a salt of 256 random bits goes with it, and the answer says where to log in.',
  body: { ...exactly(registration), properties: { ...registration, salt: word } },
  response: {
    202: {
      description: 'The receipt, or where the second factor waits',
      oneOf: [registrationReceipt, exactly({ login: { type: 'string', format: 'uri' } })],
    },
    default: problem,
  },
} as const;

type Body = { readonly [key: string]: Json } & { readonly salt?: Hex };

/** POST /v1/registrations (SPEC §17.1). */
export function addRegister(server: FastifyInstance, eligibility: Eligibility): void {
  const { logins } = eligibility;
  server.post<{ Body: Body }>('/v1/registrations', { schema }, async (request, reply) => {
    reply.code(202).header('cache-control', 'no-store');
    const { salt, ...rest } = request.body;
    const wanted = logins !== undefined;
    require((salt !== undefined) === wanted, 'second-factor/salt', wanted
      ? 'this election asks for a second factor: send a salt of 256 random bits with the registration'
      : 'this election has no second factor: send no salt');
    const sent = readRegistration(rest);
    const before = await findSame(eligibility, sent);
    if (before !== undefined) return receiptOf(eligibility, before);
    if (logins === undefined || salt === undefined) return registerNow(eligibility, sent);
    await requireTakeable(eligibility, sent);
    const { url, browser } = await beginLogin(logins, sent, salt);
    setLoginCookie(reply, logins.callbackUrl, browser);
    return { login: url };
  });
}
