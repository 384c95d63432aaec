import { UrnaError } from '../../../protocol/errors.ts';
import { unknownCode } from '../worker/unknown-code.ts';

/** Texts by the first code, or first part of a code (SPEC §16), that fits. */
const TEXTS: readonly (readonly [string, string])[] = [
  ['server/unreachable', 'unreachable'],
  ['server/url', 'address'],
  ['request/rate', 'busy'],
  ['busy/', 'busy'],
  ['server/', 'answer'],
  ['json/', 'answer'],
  ['definition/', 'answer'],
  ['view/', 'answer'],
  ['credential/checksum', 'code-checksum'],
  ['credential/length', 'code-length'],
  ['credential/character', 'code-character'],
  ['not-found/credential', 'code-unlisted'],
  ['registration/credential', 'district'],
  ['registration/district', 'district'],
  ['registration/revoked', 'revoked'],
  ['registration/other', 'other-identity'],
  ['registration/sequence', 'other-identity'],
  ['registration/commitment', 'taken'],
  ['state/registration', 'registration-over'],
  ['registrar/none', 'no-registrar'],
  ['second-factor/', 'login'],
  ['receipt/', 'receipt'],
  ['signature/', 'receipt'],
  ['identity/words-count', 'words-count'],
  ['identity/words-unknown', 'words-unknown'],
  ['identity/words-checksum', 'words-checksum'],
  ['identity/words-asked', 'words-asked'],
  ['identity/', 'backup'],
  ['secret/passphrase', 'passphrase-short'],
  ['secret/mismatch', 'passphrase-mismatch'],
  ['secret/age', 'passphrase-wrong'],
  ['vault/storage', 'storage'],
  ['vault/elsewhere', 'elsewhere'],
  ['vault/memory', 'memory'],
  ['vault/', 'damaged'],
  ['opening/election', 'opening-other'],
  ['opening/rule', 'opening-rule'],
  ['opening/', 'opening'],
  ['usage/fingerprint', 'fingerprint'],
  ['checker/camera', 'camera'],
  ['checker/picture', 'picture'],
  ['checker/no-code', 'no-code'],
  ['chain/not-approved', 'not-approved'],
  ['seals/', 'not-sealed'],
  ['chain/unreachable', 'node'],
  ['chain/url', 'node-address'],
  ['chain/wrong-chain', 'node-chain'],
  ['chain/not-an-election', 'no-election'],
  ['follow/deployment', 'no-election'],
  ['encoding/hex', 'no-election'],
  ['chain/', 'node-answer'],
  ['follow/', 'node-answer'],
  ['record/', 'record'],
  ['internal/worker', 'worker'],
  ['device/memory', 'memory'],
  ['artifacts/', 'circuit'],
  ['zkey/', 'circuit'],
  ['vkey/', 'circuit'],
  ['ballot/signals', 'circuit'],
  ['public/', 'untrue'],
  ['state/keys', 'not-ready'],
  ['state/roll', 'not-ready'],
  ['not-found/tracker', 'no-ballot'],
  ['not-found/', 'not-ready'],
  ['voter/not-on-roll', 'not-on-roll'],
  ['name/poll', 'not-on-roll'],
  ['proof/', 'proof'],
  ['state/ballot', 'proof'],
  ['boxes/none', 'no-boxes'],
];

/** Code of an error; of one that is not ours, that it was not expected. */
export function codeOf(error: unknown): string {
  return error instanceof UrnaError ? error.code : unknownCode(error);
}

/** Name of the text, below `errors`, of an error with this code. */
export function textOf(code: string): string {
  if (code === 'server/unreachable' && !navigator.onLine) return 'offline';
  return TEXTS.find(([part]) => code.startsWith(part))?.[1] ?? 'unexpected';
}
