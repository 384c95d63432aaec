import Table from 'cli-table3';

const plain = { top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '' };
const none = {
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
};

/** A plain text table: a header line, then rows; numbers are aligned to the right. */
export function renderTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const numeric = head.map((_, column) => rows.length > 0 && rows.every((row) => typeof row[column] === 'number'));
  const table = new Table({
    head: [...head],
    chars: { ...plain, ...none, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: numeric.map((yes) => (yes ? 'right' : 'left')),
  });
  table.push(...rows.map((row) => row.map(printable)));
  return table.toString();
}

/** Names come from definitions and voter lists: control characters must not reach a terminal. */
function printable(value: string | number): string {
  return String(value).replace(/[\u0000-\u001f\u007f-\u009f]/gu, '?');
}
