import type { Json } from '../../../protocol/canonical-json.ts';
import type { Definition, Title } from '../../../protocol/definition/definition.ts';
import { at } from '../../../protocol/errors.ts';
import type { ResultUnit, Results } from './results.ts';

type Node = Readonly<Record<string, Json>>;

const node = (type: string, members: Node): Node => ({ '@type': `ElectionResults.${type}`, ...members });

/**
 * The result as an ElectionReport of NIST SP 1500-100 version 2 (JSON). Contests are ballot measures with one selection an option, whatever
 * their preset: the standard's contests of candidates ask for facts about people that a definition does not hold.
 *
 * @param settledAt - Unix seconds; the report is of what the chain had, so it carries no other time
 */
export function nistReport(definition: Definition, results: Results, settledAt: number): Node {
  const { title, times, districts } = definition;
  return node('ElectionReport', {
    Format: 'precinct-level',
    GeneratedDate: instant(settledAt),
    Issuer: title.en,
    IssuerAbbreviation: definition.id,
    IsTest: definition.environment !== 'binding',
    Notes: notesOf(results),
    SequenceStart: 1,
    SequenceEnd: 1,
    Status: results.certified ? 'certified' : 'unofficial-complete',
    VendorApplicationId: 'urna 1',
    GpUnit: gpUnits(definition, results),
    Election: [
      node('Election', {
        ElectionScopeId: 'whole',
        StartDate: day(times.opensAt),
        EndDate: day(times.closesAt),
        Name: text(title),
        Type: 'other',
        OtherType: districts.length === 1 ? 'vote' : 'vote in districts',
        Contest: definition.contests.map((contest) => contestOf(contest, results.units)),
      }),
    ],
  });
}

function notesOf({ resultHash, assurance }: Results): string {
  const office =
    assurance === 'single-office' ? ' Assurance: single office. One office alone decided who is on the roll.' : '';
  return `Result hash ${resultHash}.${office} Units that were merged or withheld have no counts of their own.`;
}

/** Districts, the units of each contest, and the whole that they compose. */
function gpUnits({ districts, contests, title }: Definition, { units }: Results): Node[] {
  const reporting = (id: string, name: Title, members: Node): Node =>
    node('ReportingUnit', { '@id': id, Type: 'other', OtherType: 'tally unit', Name: text(name), ...members });
  return [
    ...districts.map(({ id, title: name, voters }) =>
      reporting(districtId(id), name, { OtherType: 'district', VotersRegistered: voters }),
    ),
    ...units.map(({ contest, unit, voters, ballots }) => {
      const own = contests.find(({ id }) => id === contest);
      const parts = own?.units.find(({ id }) => id === unit)?.districts ?? [];
      const name = own?.title ?? title;
      const composed = {
        ComposingGpUnitIds: parts.map(districtId),
        VotersRegistered: voters,
        VotersParticipated: ballots,
      };
      return reporting(unitId(contest, unit), name, { Number: unit, ...composed });
    }),
    reporting('whole', title, { OtherType: 'whole', ComposingGpUnitIds: districts.map(({ id }) => districtId(id)) }),
  ];
}

function contestOf(contest: Definition['contests'][number], all: readonly ResultUnit[]): Node {
  const counted = all.filter(({ contest: id, state }) => id === contest.id && (state === 'open' || state === 'empty'));
  return node('BallotMeasureContest', {
    '@id': `contest-${contest.id}`,
    Name: contest.title.en,
    BallotTitle: text(contest.title),
    ElectionDistrictId: 'whole',
    VoteVariation: 'other',
    OtherVoteVariation: contest.preset,
    ContestSelection: contest.options.map((option, i) =>
      node('BallotMeasureSelection', {
        '@id': `option-${contest.id}-${option.id}`,
        SequenceOrder: i + 1,
        Selection: text(option.title),
        VoteCounts: counted.map(({ unit, counts }) =>
          node('VoteCounts', { Type: 'total', GpUnitId: unitId(contest.id, unit), Count: counts[option.id] ?? 0 }),
        ),
      }),
    ),
  });
}

function districtId(id: string): string {
  return `district-${id}`;
}

function unitId(contest: string, unit: string): string {
  return `unit-${contest}-${unit}`;
}

function text(title: Title): Node {
  const languages = ['en', 'fr', 'ru'] as const;
  return node('InternationalizedText', {
    Text: languages.map((each) => node('LanguageString', { Language: each, Content: title[each] })),
  });
}

function instant(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/u, 'Z');
}

function day(seconds: number): string {
  return at(instant(seconds).split('T'), 0);
}
