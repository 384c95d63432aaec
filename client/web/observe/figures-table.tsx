import type { ComponentChildren } from 'preact';
import { useSpeech } from '../frame/visitor.ts';

const NUMBERS = [
  ...['firsts', 'laters', 'ballots', 'members', 'turnout'],
  ...['due', 'byBox', 'byOtherBoxes', 'byOthers', 'missing'],
];

interface TableProps {
  readonly name: string;
  readonly columns: readonly string[];
  readonly children: ComponentChildren;
}

/** A table of figures; its caption and columns are named in the locales. */
export function Table({ name, columns, children }: TableProps) {
  const { say } = useSpeech();
  return (
    <div class="wide" role="region" aria-label={say(`figures.${name}`)} tabIndex={0}>
      <table class="figures">
        <caption>{say(`figures.${name}`)}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col" class={NUMBERS.includes(column) ? 'number' : undefined}>
                {say(`figures.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
