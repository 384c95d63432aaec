import { either, integer, list, nullable, object, oneOf, record, text } from './shape.ts';
import type { Shape } from './shape.ts';

// Bounds of schemas/definition.schema.json (a test holds the two together), none wider than those of DefinitionRules.sol.
const MAX = Number.MAX_SAFE_INTEGER;
const YEAR = 366 * 86_400;

const slug = text(/^[a-z0-9-]{1,32}$/, 'a slug: 1 to 32 of a-z, 0-9 and -');
const address = text(/^0x(?!0{40}$)[0-9a-f]{40}$/, 'an address other than zero in lower-case hex');
const hash = text(/^0x[0-9a-f]{64}$/, '32 bytes in lower-case hex');
const words = text(
  /^(?=.*\S)[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,200}$/u,
  '1 to 200 visible characters, without control characters',
);
const title = object({ en: words, fr: words, ru: words });
const time = integer(1, 253_402_300_799); // to the end of the year 9999

const times = object({
  registrationOpens: time,
  registrationCloses: time,
  challengeSeconds: integer(1, YEAR),
  opensAt: time,
  closesAt: time,
  graceSeconds: integer(4, YEAR),
  settleSeconds: integer(1, YEAR),
  maxExtensionSeconds: integer(0, YEAR),
});

const number = integer(0, MAX);
const flag: Shape = either('true or false', (value, path, problems) => {
  if (typeof value !== 'boolean') problems.push({ code: 'definition/shape', path, message: 'must be true or false' });
});
const param = either('a whole number, true, false, or a list of whole numbers', number, flag, list(number, 0, 16));

const contest = object({
  id: slug,
  title,
  preset: slug,
  params: record(/^[a-z]{1,32}$/, param, 16),
  options: list(object({ id: slug, title }), 1, 16),
  units: list(object({ id: slug, districts: list(slug, 1, 4096), mergeInto: nullable(slug) }), 1, 4096),
  onSmall: oneOf('decrypt', 'withhold'),
});

/** Members, types and ranges of `election.json`; what the members mean together is in `consistency.ts`. */
export const definitionShape: Shape = object({
  version: oneOf(1),
  id: slug,
  environment: oneOf('development', 'rehearsal', 'binding'),
  assurance: oneOf('single-office', 'two-office'),
  title,
  chain: object(
    { id: integer(1, MAX), profile: oneOf('embedded', 'clique', 'besu-qbft') },
    { validators: list(address, 1, 32) },
  ),
  times,
  registrar: address,
  officers: object({ keys: list(address, 1, 32), quorum: integer(1, 32) }),
  trustees: object({ keys: list(address, 1, 32), threshold: integer(1, 32) }),
  boxes: list(object({ id: slug, address }), 1, 32),
  maskRounds: integer(1, 64),
  districts: list(object({ id: slug, title, voters: integer(1, 2 ** 20) }), 1, 4096),
  contests: list(contest, 1, 64),
  minAnonymitySet: integer(1, 2 ** 20),
  setupHash: hash,
  webHash: hash,
});
