import type { FastifyInstance } from 'fastify';
import { decodeHex, wordHex } from '../../../protocol/encoding.ts';
import { require } from '../../../protocol/errors.ts';
import type { Eligibility } from '../eligibility.ts';
import { receiptOf } from '../eligibility.ts';
import { findRegistration, isRevoked } from '../store/register.ts';
import { exactly, problem, registrationReceipt, sequence, word } from './schemas.ts';

const schema = {
  summary: 'What is registered for a credential',
  params: exactly({ credentialKey: word }),
  response: {
    200: {
      description: 'none, revoked, or registered with what',
      oneOf: [
        exactly({ state: { enum: ['none', 'revoked'] } }),
        exactly({ state: { const: 'registered' }, sequence, commitment: word, receipt: registrationReceipt }),
      ],
    },
    default: problem,
  },
} as const;

/** GET /v1/registrations/:credentialKey: "am I registered?" (SPEC §17.1). */
export function addLookUp(server: FastifyInstance, eligibility: Eligibility): void {
  const { register } = eligibility;
  server.get<{ Params: { credentialKey: string } }>(
    '/v1/registrations/:credentialKey',
    { schema },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const key = decodeHex(request.params.credentialKey, 32);
      const listed = register.sealed.lists.some((_, district) => register.sealed.find(district, key) !== undefined);
      require(listed, 'not-found/credential', 'no district lists this credential');
      const taken = await findRegistration(register, key);
      if (taken === undefined) return { state: (await isRevoked(register, key)) ? 'revoked' : 'none' };
      const { sequence: last, commitment } = taken.registration;
      const receipt = receiptOf(eligibility, taken);
      return { state: 'registered', sequence: last, commitment: wordHex(commitment), receipt };
    },
  );
}
