import { useEffect, useState } from 'preact/hooks';
import { useSpeech } from '../frame/visitor.ts';
import type { Speech } from '../frame/visitor.ts';
import type { UnitResult } from '../service/results-view.ts';
import type { ContestResultProps } from './contest-result.tsx';
import { CountTable } from './count-table.tsx';

/** Each unit's own count under the names of its districts, or why it has none. On paper they are all open. */
export function Units({ definition, contest, units }: ContestResultProps) {
  const speech = useSpeech();
  const { say, title } = speech;
  const [isOpen, setOpen] = useState(false);
  const isPrinted = usePrinted();
  const nameOf = (id: string): string => unitName(speech, { definition, contest }, id);
  return (
    <details
      open={isOpen || isPrinted}
      onToggle={({ currentTarget }) => !isPrinted && setOpen(currentTarget.open)}
      class="units"
    >
      <summary>{say('results.units')}</summary>
      {units.map((unit) => {
        const caption = `${title(contest.title)} – ${nameOf(unit.unit)}: ${stateOf(speech, unit, contest, nameOf)}`;
        return unit.state === 'open' ? (
          <CountTable key={unit.unit} contest={contest} totals={unit} caption={caption} />
        ) : (
          <p key={unit.unit}>{caption}</p>
        );
      })}
    </details>
  );
}

/** A unit is called as its districts are: its id is for programs. */
function unitName(
  { title, list }: Speech,
  { definition, contest }: Omit<ContestResultProps, 'units'>,
  id: string,
): string {
  const districts = contest.units.find((unit) => unit.id === id)?.districts ?? [];
  return list(
    definition.districts.filter((district) => districts.includes(district.id)).map((one) => title(one.title)),
  );
}

function stateOf(
  { say }: Speech,
  { unit, state }: UnitResult,
  contest: ContestResultProps['contest'],
  nameOf: (id: string) => string,
): string {
  const into = contest.units.find(({ id }) => id === unit)?.mergeInto;
  return state === 'merged' && into
    ? say('results.merged-into', { unit: nameOf(into) })
    : say(`results.state.${state}`);
}

/** Whether the page is laid out for paper right now: nobody can open anything there. */
function usePrinted(): boolean {
  const [isPrinted, setPrinted] = useState(false);
  useEffect(() => {
    const media = matchMedia('print');
    const look = (): void => setPrinted(media.matches);
    media.addEventListener('change', look);
    return () => media.removeEventListener('change', look);
  }, []);
  return isPrinted;
}
