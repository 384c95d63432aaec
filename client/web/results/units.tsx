import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useSpeech } from '../frame/visitor.ts';
import type { Speech } from '../frame/visitor.ts';
import type { UnitResult } from '../service/results-view.ts';
import type { ContestResultProps } from './contest-result.tsx';
import { CountTable } from './count-table.tsx';

/** Each unit's own count under the names of its districts, or why it has none. On paper they are all open. */
export function Units({ definition, contest, units }: ContestResultProps) {
  const speech = useSpeech();
  const { say, title } = speech;
  const details = useRef<HTMLDetailsElement>(null);
  useOpenOnPaper(details);
  const nameOf = (id: string): string => unitName(speech, { definition, contest }, id);
  return (
    <details ref={details} class="units">
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

/**
 * Opens it while the page is laid out for paper, where nobody can, and leaves it as it was. The element alone knows whether it is open: a click
 * changes that at once, and tells us of it only later.
 */
function useOpenOnPaper(details: RefObject<HTMLDetailsElement | null>): void {
  useEffect(() => {
    const media = matchMedia('print');
    let wasOpen = false;
    const look = (): void => {
      const element = details.current;
      if (element === null) return;
      if (media.matches) wasOpen = element.open;
      element.open = media.matches || wasOpen;
    };
    media.addEventListener('change', look);
    return () => media.removeEventListener('change', look);
  }, [details]);
}
