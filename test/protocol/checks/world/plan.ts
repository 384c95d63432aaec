import { canonicalBytes } from '../../../../protocol/canonical-json.ts';
import { wordHex } from '../../../../protocol/encoding.ts';
import { setupHash } from '../../../../protocol/checks/setup-hash.ts';
import type { CommittedCircuit } from '../../../../protocol/checks/setup-hash.ts';
import type { Parties } from './parties.ts';
import { VOTERS } from './parties.ts';

/** Registration opens here; everything else is counted from it, in seconds. */
export const START = 1_800_000_000;

/** Times of the world's election, from {@link START}. Rounds: 2000–2500–3000, an extension to 3200, grace to 3600. */
export const TIMES = {
  registrationCloses: 1000,
  challengeSeconds: 100,
  opensAt: 2000,
  closesAt: 3000,
  extendedTo: 3200,
  graceSeconds: 400,
  settleSeconds: 100,
} as const;

const title = (en: string): Record<string, string> => ({ en, fr: `${en} (fr)`, ru: `${en} (ru)` });
const options = (...ids: readonly string[]): unknown[] => ids.map((id) => ({ id, title: title(id) }));

/** Polls 0–2 contest 0 (south, north, isle), 3 contest 1 (north), 4 contest 2 (isle), 5 contest 3 (south). */
const contests = [
  {
    id: 'mayor',
    title: title('Mayor'),
    preset: 'single',
    params: { blank: true },
    options: options('ada', 'blaise'),
    units: [
      { id: 'mainland', districts: ['south', 'north'], mergeInto: null },
      { id: 'isle', districts: ['isle'], mergeInto: 'mainland' },
    ],
    onSmall: 'decrypt',
  },
  {
    id: 'projects',
    title: title('Projects'),
    preset: 'approval',
    params: { max: 2 },
    options: options('park', 'school', 'pool'),
    units: [{ id: 'north', districts: ['north'], mergeInto: null }],
    onSmall: 'decrypt',
  },
  {
    id: 'ferry',
    title: title('Shall the ferry run?'),
    preset: 'single',
    params: {},
    options: options('yes', 'no'),
    units: [{ id: 'isle', districts: ['isle'], mergeInto: null }],
    onSmall: 'withhold',
  },
  {
    id: 'bridge',
    title: title('Shall the bridge be built?'),
    preset: 'single',
    params: {},
    options: options('yes', 'no'),
    units: [{ id: 'south', districts: ['south'], mergeInto: null }],
    onSmall: 'decrypt',
  },
];

/** Canonical bytes of the world's `election.json`. */
export function definitionBytes(parties: Parties, circuits: readonly CommittedCircuit[]): Uint8Array {
  const { registrationCloses, challengeSeconds, opensAt, closesAt, graceSeconds, settleSeconds } = TIMES;
  return canonicalBytes({
    version: 1,
    id: 'world',
    environment: 'development',
    assurance: 'single-office',
    title: title('The world’s election'),
    chain: { id: 31337, profile: 'embedded' },
    times: {
      registrationOpens: START,
      registrationCloses: START + registrationCloses,
      challengeSeconds,
      opensAt: START + opensAt,
      closesAt: START + closesAt,
      graceSeconds,
      settleSeconds,
      maxExtensionSeconds: 1000,
    },
    registrar: parties.registrar.address,
    officers: { keys: parties.officers.map(({ address }) => address), quorum: 2 },
    trustees: { keys: parties.trustees.map(({ address }) => address), threshold: 2 },
    boxes: parties.boxes.map(({ address }, i) => ({ id: `box-${i}`, address })),
    maskRounds: 2,
    districts: ['north', 'south', 'isle'].map((id, i) => ({ id, title: title(id), voters: VOTERS[i] })),
    contests,
    minAnonymitySet: 3,
    setupHash: wordHex(setupHash(circuits)),
    webHash: `0x${'3e'.repeat(32)}`,
  });
}
