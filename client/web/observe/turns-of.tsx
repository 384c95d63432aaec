import type { BoxTurns, RoundTurns } from '../../../protocol/checks/replay/turns-replay.ts';
import { leftTurns } from '../../../protocol/checks/replay/turns-replay.ts';
import { useSpeech } from '../frame/visitor.ts';
import { Table } from './figures-table.tsx';

/** How the slots that were due to each box were updated, round by round (SPEC §15.6); nothing before a slot was due. */
export function TurnsOf({ turns }: { readonly turns: readonly RoundTurns[] }) {
  const { say, number } = useSpeech();
  const rows = turns.flatMap(({ round, over, boxes }) =>
    boxes.filter(({ due }) => due > 0).map((box) => ({ ...box, round, over })),
  );
  if (rows.length === 0) return null;
  const left = leftTurns(turns).length;
  return (
    <>
      <Table name="turns" columns={['round', 'box', 'due', 'byBox', 'byOtherBoxes', 'byOthers', 'missing']}>
        {rows.map((row) => (
          <tr key={`${row.round} ${row.box}`}>
            <th scope="row">{number(row.round)}</th>
            <td>
              {row.box}
              <Remark row={row} />
            </td>
            {[row.due, row.byBox, row.byOtherBoxes, row.byOthers, row.missing].map((count, i) => (
              <td key={i} class="number">
                {number(count)}
              </td>
            ))}
          </tr>
        ))}
      </Table>
      <p class="note">{say(left > 0 ? 'figures.turns-left' : 'figures.turns-kept')}</p>
    </>
  );
}

function Remark({ row: { over, byBox, due } }: { readonly row: BoxTurns & { readonly over: boolean } }) {
  const { say } = useSpeech();
  if (over && byBox === due) return null;
  return <p class="note">{say(over ? 'figures.left' : 'figures.not-over')}</p>;
}
