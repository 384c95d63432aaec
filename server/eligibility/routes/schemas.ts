/** JSON schemas that several routes share. */
export const word = { type: 'string', pattern: '^0x[0-9a-f]{64}$' } as const;
export const district = { type: 'integer', minimum: 0, maximum: 65_535 } as const;
export const sequence = { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER } as const;
export const signature64 = { type: 'string', pattern: '^0x[0-9a-f]{128}$' } as const;
export const signature65 = { type: 'string', pattern: '^0x[0-9a-f]{130}$' } as const;
const address = { type: 'string', pattern: '^0x[0-9a-f]{40}$' } as const;
export const count = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER } as const;

/** An object that has exactly these members. */
export function exactly<T extends Readonly<Record<string, object>>>(properties: T) {
  return { type: 'object', required: Object.keys(properties), additionalProperties: false, properties } as const;
}

/** What names an election in a statement. */
export const electionMembers = { chainId: count, election: address, definitionHash: word } as const;

export const registrationReceipt = exactly({
  statement: exactly({
    ...{ type: { const: 'urna/v1/receipt/registration' }, ...electionMembers },
    ...{ district, credentialKey: word, commitment: word, sequence, time: count },
  }),
  signature: signature65,
});

export const problem = { $ref: 'problem#' } as const;
