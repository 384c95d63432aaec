import type { JSONSchemaType } from 'ajv';
import type { Definition } from '../../protocol/definition/definition.ts';
import { require } from '../../protocol/errors.ts';
import type { ElectionSettings } from '../frame/election.ts';
import { electionProperties } from '../frame/election.ts';
import { SECOND_FACTORS, kindOf } from './second-factor/kinds.ts';

/** Settings of the eligibility server. Paths end in `File` or `Folder`; secrets come by file only. */
export interface EligibilitySettings extends ElectionSettings {
  readonly host: string;
  readonly port: number;
  /** `redis://…`, `rediss://…` or `unix:PATH`. */
  readonly redisUrl: string;
  /** Credential lists, `<district>.json` each. */
  readonly listsFolder: string;
  /** Where published files of the roll are written and served from. */
  readonly publishFolder: string;
  /** The registrar's key file and its passphrase. */
  readonly accountFile: string;
  readonly accountPassphraseFile: string;
  /** Origins of pages that may call. */
  readonly origins: readonly string[];
  readonly connectionRate: number;
  /** Which kind of second factor, in an election that asks for one. */
  readonly secondFactor: string;
  readonly oidcIssuer: string;
  readonly oidcClientId: string;
  readonly oidcClientSecretFile: string;
  /** `/v1/oidc/callback` as browsers reach it. */
  readonly oidcCallbackUrl: string;
  /** Page to which browsers go after the login. */
  readonly oidcReturnUrl: string;
  /** Hashes of eligible subjects, and what a quorum of officers has signed of that file. */
  readonly subjectsFile: string;
  readonly subjectsSealFile: string;
}

const text = { type: 'string', minLength: 1 } as const;
/** Empty where there is no second factor. */
const maybe = { type: 'string', default: '' } as const;
const maybeUrl = {
  type: 'string',
  default: '',
  pattern: '^(https://.+|http://(localhost|127\\.0\\.0\\.1)[:/].*)?$',
} as const;

export const settingsSchema: JSONSchemaType<EligibilitySettings> = {
  type: 'object',
  additionalProperties: false,
  required: [
    ...(['definitionFile', 'election', 'rpc', 'redisUrl', 'listsFolder', 'publishFolder'] as const),
    ...(['accountFile', 'accountPassphraseFile'] as const),
  ],
  properties: {
    ...electionProperties,
    ...{
      host: { ...text, default: '127.0.0.1' },
      port: { type: 'integer', minimum: 0, maximum: 65_535, default: 8701 },
    },
    redisUrl: { type: 'string', pattern: '^(rediss?://|unix:).+' },
    ...{ listsFolder: text, publishFolder: text, accountFile: text, accountPassphraseFile: text },
    origins: { type: 'array', items: { type: 'string', pattern: '^https?://[^/]+$' }, default: [] },
    connectionRate: { type: 'integer', minimum: 1, maximum: 10_000, default: 20 },
    secondFactor: { type: 'string', enum: Object.keys(SECOND_FACTORS), default: 'oidc' },
    ...{ oidcIssuer: maybeUrl, oidcClientId: maybe, oidcClientSecretFile: maybe, oidcCallbackUrl: maybeUrl },
    ...{ oidcReturnUrl: maybeUrl, subjectsFile: maybe, subjectsSealFile: maybe },
  },
};

/** What a second factor of any kind needs beside its own settings. */
const SUBJECTS = ['subjectsFile', 'subjectsSealFile'] as const;

/**
 * Whether the election asks for a second factor. It cannot be left out where the definition promises two offices, nor be there where the
 * definition says one: every page would say the wrong thing about who decided.
 *
 * @throws `config/second-factor`
 */
export function needsSecondFactor(
  { assurance, environment }: Definition,
  settings: EligibilitySettings,
  kind = kindOf(settings),
): boolean {
  const needed = assurance === 'two-office' || environment === 'binding';
  const names = [...kind.needs, ...SUBJECTS];
  const missing = names.filter((name) => settings[name] === '');
  require(!needed ||
    missing.length ===
      0, 'config/second-factor', `the definition promises two offices: a second factor needs ${missing.join(', ')}`);
  const given = missing.length < names.length;
  require(needed ||
    !given, 'config/second-factor', 'the definition says single-office: take the second factor’s settings out');
  return needed;
}
