import type { Json } from '../../../protocol/canonical-json.ts';

/** A JSON object that tests may change. */
export type Draft = Record<string, unknown>;

const title = (en: string): Draft => ({ en, fr: `${en} (fr)`, ru: `${en} (ru)` });
const address = (n: number): string => `0x${n.toString(16).padStart(40, '0')}`;
const hour = 3600;

/** A valid definition with two contests, three districts and a merging unit; a fresh copy every time. */
export function exampleDefinition(): Draft {
  return {
    version: 1,
    id: 'council-2026',
    environment: 'development',
    assurance: 'single-office',
    title: title('Council election'),
    chain: { id: 31337, profile: 'embedded' },
    times: {
      registrationOpens: 1_800_000_000,
      registrationCloses: 1_800_000_000 + 24 * hour,
      challengeSeconds: hour,
      opensAt: 1_800_000_000 + 48 * hour,
      closesAt: 1_800_000_000 + 72 * hour,
      graceSeconds: 2 * hour,
      settleSeconds: hour,
      maxExtensionSeconds: 24 * hour,
    },
    registrar: address(0x100),
    officers: { keys: [address(0x201), address(0x202), address(0x203)], quorum: 2 },
    trustees: { keys: [address(0x301), address(0x302), address(0x303)], threshold: 2 },
    boxes: [
      { id: 'box-a', address: address(0x401) },
      { id: 'box-b', address: address(0x402) },
    ],
    maskRounds: 2,
    districts: [
      { id: 'north', title: title('North'), voters: 120 },
      { id: 'south', title: title('South'), voters: 80 },
      { id: 'isle', title: title('The isle'), voters: 20 },
    ],
    contests: [
      {
        id: 'mayor',
        title: title('Mayor'),
        preset: 'single',
        params: { blank: true },
        options: [
          { id: 'ada', title: title('Ada') },
          { id: 'blaise', title: title('Blaise') },
          { id: 'sofia', title: title('Sofia') },
        ],
        units: [
          { id: 'mainland', districts: ['south', 'north'], mergeInto: null },
          { id: 'isle', districts: ['isle'], mergeInto: 'mainland' },
        ],
        onSmall: 'withhold',
      },
      {
        id: 'bridge',
        title: title('Shall the bridge be built?'),
        preset: 'single',
        params: {},
        options: [
          { id: 'yes', title: title('Yes') },
          { id: 'no', title: title('No') },
        ],
        units: [{ id: 'north', districts: ['north'], mergeInto: null }],
        onSmall: 'decrypt',
      },
    ],
    minAnonymitySet: 50,
    setupHash: `0x${'5e'.repeat(32)}`,
    webHash: `0x${'3e'.repeat(32)}`,
  };
}

/** `draft` with `value` at the place `path` names, e.g. `contests.0.units`; undefined removes it. */
export function changed(path: string, value: unknown, draft: unknown = exampleDefinition()): Json {
  const names = path.split('.');
  const last = names.pop() ?? '';
  const parent = names.reduce((place, name) => (place as Draft)[name], draft) as Draft;
  if (value !== undefined) parent[last] = value;
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else Reflect.deleteProperty(parent, last);
  return draft as Json;
}
