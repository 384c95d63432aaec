import type { FastifyInstance, FastifyReply } from 'fastify';
import { UrnaError } from '../../../protocol/errors.ts';
import type { Receipt } from '../../../protocol/receipts/receipt.ts';
import type { RegistrationStatement } from '../../../protocol/receipts/registration-receipt.ts';
import type { Eligibility } from '../eligibility.ts';
import { registerNow } from '../eligibility.ts';
import type { Logins } from '../second-factor/logins.ts';
import { finishLogin } from '../second-factor/logins.ts';
import { readLoginCookie } from './login-cookie.ts';
import { problem, registrationReceipt } from './schemas.ts';

const text = { type: 'string', maxLength: 4096 } as const;

const schema = {
  summary: 'Where the second factor sends a browser back to',
  description: 'Takes the registration for which the login was begun, in the browser that began it, once.',
  // Providers add parameters of their own.
  querystring: {
    type: 'object',
    properties: { code: text, state: text, iss: text, error: text },
    additionalProperties: text,
  },
  response: {
    200: { description: 'The receipt', ...registrationReceipt },
    303: {
      type: 'null',
      description: 'Browsers go on to the configured page; a fragment says `registered` or names the error',
    },
    default: problem,
  },
} as const;

/** GET /v1/oidc/callback (SPEC §17.1). */
export function addCallback(server: FastifyInstance, eligibility: Eligibility, logins: Logins): void {
  server.get('/v1/oidc/callback', { schema }, async (request, reply) => {
    reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer');
    const callback = new URL(logins.callbackUrl);
    callback.search = new URL(request.raw.url ?? '', logins.callbackUrl).search;
    const page = request.headers.accept?.includes('text/html') === true ? logins.returnUrl : undefined;
    try {
      const browser = readLoginCookie(request, logins.callbackUrl);
      const { registration, subject } = await finishLogin(logins, callback, browser);
      const receipt = await registerNow(eligibility, registration, subject);
      return page === undefined ? receipt : goOn(reply, `${page}#registered`);
    } catch (error) {
      if (page === undefined || !(error instanceof UrnaError)) throw error;
      return goOn(reply, `${page}#${error.code}`);
    }
  });
}

function goOn(reply: FastifyReply, page: string): Receipt<RegistrationStatement> {
  return reply.redirect(page, 303) as unknown as Receipt<RegistrationStatement>;
}
