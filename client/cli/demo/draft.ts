import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WEB_MANIFEST, webHash } from '../../../protocol/definition/web-hash.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import type { DemoChain, Pace } from './chain.ts';
import { DISTRICTS, MIN_ANONYMITY_SET } from './plan.ts';
import { WEB } from './files.ts';

/** Addresses of everyone who holds an office. */
export interface Offices {
  readonly registrar: Hex;
  readonly officers: readonly Hex[];
  readonly trustees: readonly Hex[];
  readonly boxes: readonly Hex[];
}

/** Times of the demo's election, Unix seconds. */
export interface DemoTimes {
  readonly registrationOpens: number;
  readonly registrationCloses: number;
  readonly challengeSeconds: number;
  readonly opensAt: number;
  readonly closesAt: number;
  readonly graceSeconds: number;
  readonly settleSeconds: number;
  readonly maxExtensionSeconds: number;
}

/** Seconds of an election's parts. */
interface Timetable {
  readonly before: number;
  readonly registration: number;
  readonly challenge: number;
  /** From the end of registration to the vote, challenges included. */
  readonly sealing: number;
  readonly vote: number;
  readonly grace: number;
  readonly settling: number;
}

const HOUR = 3600;
const DAY = 24 * HOUR;
const WEEKS: Timetable = {
  ...{ before: DAY, registration: 14 * DAY, challenge: 3 * DAY, sealing: 10 * DAY },
  ...{ vote: 4 * DAY, grace: DAY, settling: HOUR },
};
/** As short as two busy cores can keep up with. */
const MINUTES: Timetable = {
  ...{ before: 180, registration: 240, challenge: 120, sealing: 300 },
  ...{ vote: 600, grace: 300, settling: 20 },
};

/** The timetable from `now` on. */
export function demoTimes(now: number, pace: Pace): DemoTimes {
  const { before, registration, challenge, sealing, vote, grace, settling } = pace === 'weeks' ? WEEKS : MINUTES;
  const registrationOpens = now + before;
  const registrationCloses = registrationOpens + registration;
  const opensAt = registrationCloses + sealing;
  return {
    ...{ registrationOpens, registrationCloses, challengeSeconds: challenge, opensAt, closesAt: opensAt + vote },
    ...{ graceSeconds: grace, settleSeconds: settling, maxExtensionSeconds: 2 * DAY },
  };
}

const title = (en: string, fr: string, ru: string) => ({ en, fr, ru });
const option = (id: string, name: string) => ({ id, title: title(name, name, name) });

const BRIDGE = {
  id: 'bridge',
  title: title(
    'Shall the old bridge be rebuilt?',
    'Faut-il reconstruire le vieux pont ?',
    'Восстановить ли старый мост?',
  ),
  preset: 'single',
  params: {},
  options: [
    { id: 'yes', title: title('Yes', 'Oui', 'Да') },
    { id: 'no', title: title('No', 'Non', 'Нет') },
  ],
  units: [
    { id: 'north', districts: ['north'], mergeInto: null },
    { id: 'south', districts: ['south'], mergeInto: null },
    { id: 'islands', districts: ['islands'], mergeInto: 'south' },
  ],
  onSmall: 'withhold',
};

const COUNCIL = {
  id: 'council',
  title: title('Council of the North: up to three', 'Conseil du Nord : trois au plus', 'Совет Севера: не более трёх'),
  preset: 'approval',
  params: { max: 3 },
  options: ['Albers', 'Bianchi', 'Cohen', 'Dahl', 'Eriksen'].map((name) => option(name.toLowerCase(), name)),
  units: [{ id: 'north', districts: ['north'], mergeInto: null }],
  onSmall: 'withhold',
};

const PROJECTS = {
  id: 'projects',
  title: title(
    'Projects of the South, 100,000 in all',
    'Projets du Sud, 100 000 en tout',
    'Проекты Юга, всего 100 000',
  ),
  preset: 'budget',
  params: { prices: [25_000, 60_000, 40_000, 90_000], budget: 100_000 },
  options: [
    { id: 'trees', title: title('Trees', 'Arbres', 'Деревья') },
    { id: 'school', title: title('School yard', 'Cour d’école', 'Школьный двор') },
    { id: 'pool', title: title('Pool', 'Piscine', 'Бассейн') },
    { id: 'tram', title: title('Tram stop', 'Arrêt de tram', 'Трамвайная остановка') },
  ],
  units: [{ id: 'south', districts: ['south'], mergeInto: null }],
  onSmall: 'withhold',
};

/** The draft of the demo's definition. */
export function demoDraft(
  offices: Offices,
  times: DemoTimes,
  { id: chainId, profile, validators }: Pick<DemoChain, 'id' | 'profile' | 'validators'>,
) {
  const names = {
    north: title('North', 'Nord', 'Север'),
    south: title('South', 'Sud', 'Юг'),
    islands: title('Islands', 'Îles', 'Острова'),
  };
  return {
    version: 1,
    id: 'demo',
    environment: 'development',
    assurance: 'single-office',
    title: title('Demonstration election', 'Élection de démonstration', 'Демонстрационные выборы'),
    chain: { id: chainId, profile, ...(validators && { validators: [...validators].sort() }) },
    times,
    registrar: offices.registrar,
    officers: { keys: offices.officers, quorum: 2 },
    trustees: { keys: offices.trustees, threshold: 3 },
    boxes: offices.boxes.map((address, i) => ({ id: `box-${i + 1}`, address })),
    maskRounds: 2,
    districts: (['north', 'south', 'islands'] as const).map((id) => ({ id, title: names[id], voters: DISTRICTS[id] })),
    contests: [BRIDGE, COUNCIL, PROJECTS],
    minAnonymitySet: MIN_ANONYMITY_SET,
    webHash: webHash(Uint8Array.from(readFileSync(join(WEB, WEB_MANIFEST)))),
  };
}
