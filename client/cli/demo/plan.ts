/** A vote as it stands in a vote file: chosen options by contest. */
export type Choice = Readonly<Record<string, readonly string[]>>;

/** What a voter of the demo does. */
export interface PlannedVoter {
  readonly id: string;
  readonly name: string;
  readonly district: string;
  readonly registers: boolean;
  /** The first vote; absent if the voter stays away. */
  readonly vote?: Choice;
  /** The changed vote, cast in the next round. */
  readonly change?: Choice;
}

/** Voters by district; the islands stay below the anonymity set and are counted with the south. */
export const DISTRICTS = { north: 13, south: 13, islands: 4 } as const;
/** Non-empty slots that a unit needs to be counted by itself. */
export const MIN_ANONYMITY_SET = 5;

type District = keyof typeof DISTRICTS;

const FIRST = [
  'Ada',
  'Boris',
  'Chloé',
  'Dmitri',
  'Elif',
  'Femi',
  'Goran',
  'Hana',
  'Ines',
  'Jonas',
  'Katya',
  'Luca',
  'Mei',
  'Nils',
];
const LAST = ['Novak', 'Dubois', 'Okoye', 'Petrov', 'Silva'];
const CANDIDATES = ['albers', 'bianchi', 'cohen', 'dahl', 'eriksen'];
const PROJECTS: readonly (readonly string[])[] = [
  ['trees', 'school'],
  ['tram'],
  ['school', 'pool'],
  [],
  ['trees', 'pool'],
];

/** Every third leaves out the district's own contest. */
function choice(district: District, i: number): Choice {
  const bridge = [i % 3 === 0 ? 'no' : 'yes'];
  if (district === 'islands' || i % 3 === 2) return { bridge };
  if (district === 'south') return { bridge, projects: PROJECTS[i % PROJECTS.length] ?? [] };
  return { bridge, council: CANDIDATES.filter((_, k) => (i + 2 * k) % 5 < 1 + (i % 3)) };
}

/** Every seventh does not register, every sixth of the others stays away, every eighth changes the vote: by number, not by chance. */
function voter(district: District, i: number, number: number): PlannedVoter {
  const name = `${FIRST[number % FIRST.length] ?? ''} ${LAST[number % LAST.length] ?? ''}`;
  const base = { id: `${district}-${i + 1}`, name, district };
  if (number % 7 === 6) return { ...base, registers: false };
  if (number % 6 === 5) return { ...base, registers: true };
  const vote = choice(district, i);
  if (number % 8 !== 1) return { ...base, registers: true, vote };
  return {
    ...base,
    registers: true,
    vote,
    change: { ...choice(district, i + 3), bridge: [vote['bridge']?.[0] === 'yes' ? 'no' : 'yes'] },
  };
}

/** All voters of the demo. */
export function planVoters(): PlannedVoter[] {
  const places = Object.entries(DISTRICTS).flatMap(([district, voters]) =>
    Array.from({ length: voters }, (_, i) => [district as District, i] as const),
  );
  return places.map(([district, i], number) => voter(district, i, number));
}

/** What the count must be: of every contest, how often each option was chosen by those whose last vote counts. */
export function expectedCounts(
  voters: readonly PlannedVoter[],
): Readonly<Record<string, Readonly<Record<string, number>>>> {
  const counts: Record<string, Record<string, number>> = {};
  for (const { vote, change } of voters) {
    for (const [contest, options] of Object.entries({ ...vote, ...change })) {
      const own = (counts[contest] ??= {});
      for (const option of options) own[option] = (own[option] ?? 0) + 1;
    }
  }
  return counts;
}

/** Ballots of each contest. */
export function expectedBallots(voters: readonly PlannedVoter[]): Readonly<Record<string, number>> {
  const ballots: Record<string, number> = {};
  for (const { vote } of voters)
    for (const contest of Object.keys(vote ?? {})) ballots[contest] = (ballots[contest] ?? 0) + 1;
  return ballots;
}
