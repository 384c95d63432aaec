import type { FastifyReply, FastifyRequest } from 'fastify';

/** Seconds; as long as a login may take. */
const MAX_AGE = 600;

/** The cookie that ties a login to the browser that began it. `__Host-` lets no other host set it; browsers take that over https only. */
function nameOf(callbackUrl: string): string {
  return callbackUrl.startsWith('https:') ? '__Host-urna-login' : 'urna-login';
}

export function setLoginCookie(reply: FastifyReply, callbackUrl: string, browser: string): void {
  const secure = callbackUrl.startsWith('https:') ? ' Secure;' : '';
  reply.header(
    'set-cookie',
    `${nameOf(callbackUrl)}=${browser}; Path=/; Max-Age=${MAX_AGE};${secure} HttpOnly; SameSite=Lax`,
  );
}

/** The cookie's value, undefined where there is none or nothing that we have set. */
export function readLoginCookie(request: FastifyRequest, callbackUrl: string): string | undefined {
  const name = nameOf(callbackUrl);
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  const value = pairs.find(([key]) => key === name)?.[1];
  return value !== undefined && /^[0-9a-f]{64}$/u.test(value) ? value : undefined;
}
