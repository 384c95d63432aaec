import type { JSONSchemaType } from 'ajv';
import type { ElectionSettings } from '../frame/election.ts';
import { electionProperties } from '../frame/election.ts';

/** Settings of a ballot box. Several processes of one box have the same; another box has another Redis and account. */
export interface BoxSettings extends ElectionSettings {
  readonly host: string;
  readonly port: number;
  /** `redis://…`, `rediss://…` or `unix:PATH`; of this box alone. */
  readonly redisUrl: string;
  /** The box's key file and its passphrase. */
  readonly accountFile: string;
  readonly accountPassphraseFile: string;
  /** Origins of pages that may call. */
  readonly origins: readonly string[];
  /** Requests a second of one connection. */
  readonly connectionRate: number;
  /** Threads that check proofs; 0 for one a core. */
  readonly proofThreads: number;
  /** Ballots that are checked, or wait for it, at most: beyond it the box says when to come again. */
  readonly maxProofs: number;
  /** Seconds for which first casts are collected before they are shuffled and posted. */
  readonly windowSeconds: number;
  /** Threads that make masks; 0 for one a core. */
  readonly maskThreads: number;
  /** Circuits for masks; empty for those that come with this software. */
  readonly artifactsFolder: string;
  /** Seconds in which receipts promise a first cast on chain that was collected and waits for no other. */
  readonly promiseSeconds: number;
}

const text = { type: 'string', minLength: 1 } as const;
const count = (minimum: number, maximum: number, value: number) =>
  ({ type: 'integer', minimum, maximum, default: value }) as const;

export const settingsSchema: JSONSchemaType<BoxSettings> = {
  type: 'object',
  additionalProperties: false,
  required: ['definitionFile', 'election', 'rpc', 'redisUrl', 'accountFile', 'accountPassphraseFile'],
  properties: {
    ...electionProperties,
    ...{ host: { ...text, default: '127.0.0.1' }, port: count(0, 65_535, 8702) },
    redisUrl: { type: 'string', pattern: '^(rediss?://|unix:).+' },
    ...{ accountFile: text, accountPassphraseFile: text },
    origins: { type: 'array', items: { type: 'string', pattern: '^https?://[^/]+$' }, default: [] },
    connectionRate: count(1, 10_000, 20),
    ...{ proofThreads: count(0, 256, 0), maxProofs: count(1, 100_000, 2_000) },
    ...{ maskThreads: count(0, 256, 0), artifactsFolder: { type: 'string', default: '' } },
    ...{ windowSeconds: count(1, 3_600, 10), promiseSeconds: count(10, 86_400, 600) },
  },
};
