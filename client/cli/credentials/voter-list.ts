import { parse } from 'csv-parse/sync';
import { UrnaError, require } from '../../../protocol/errors.ts';

/** A line of the voter list. */
export interface Voter {
  /** The register's own number or name for this voter: unique, safe as a file name. */
  readonly id: string;
  readonly name: string;
  /** Index of the district in the definition. */
  readonly district: number;
  /** Lines of the postal address, possibly none. */
  readonly address: readonly string[];
}

const REQUIRED = ['id', 'name', 'district'] as const;
const KNOWN = new Set<string>([...REQUIRED, 'address']);
const SHOWN = 20;

interface Row {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}

/**
 * The voters of a CSV file with a header: `id`, `name`, `district` (its slug) and, if wanted, `address` (lines parted by
 * `|`); separated by commas or semicolons, with or without a byte order mark. All problems are reported at once, by line.
 *
 * @param slugs - the definition's districts, in order
 * @throws `voters/syntax`, `voters/columns`, `voters/lines`, `voters/empty`
 */
export function parseVoterList(text: string, slugs: readonly string[]): Voter[] {
  const rows = parseRows(text.replace(/^\uFEFF/u, ''));
  require(rows.length > 0, 'voters/empty', 'the voter list names no voters');
  const problems: string[] = [];
  const lines = new Map<string, number>();
  const voters = rows.map(({ record, info }) => {
    const complain = (problem: string): number => problems.push(`line ${info.lines}: ${problem}`);
    const id = record['id'] ?? '';
    const earlier = lines.get(id.toLowerCase());
    if (earlier !== undefined) complain(`id ${shown(id)} stands already on line ${earlier}`);
    else lines.set(id.toLowerCase(), info.lines);
    return readVoter(record, slugs, complain);
  });
  if (problems.length > 0) throw new UrnaError('voters/lines', listProblems(problems));
  return voters;
}

function parseRows(text: string): Row[] {
  const header = text.split(/\r?\n/u, 1)[0] ?? '';
  const delimiter = (header.match(/;/gu)?.length ?? 0) > (header.match(/,/gu)?.length ?? 0) ? ';' : ',';
  try {
    return parse(text, { delimiter, columns, info: true, trim: true, skip_empty_lines: true }) as unknown as Row[];
  } catch (error) {
    if (error instanceof UrnaError) throw error;
    const message = error instanceof Error ? error.message.replace(/[^\x20-\x7e]/gu, '?').slice(0, 200) : 'unreadable';
    throw new UrnaError('voters/syntax', `the voter list is not readable as CSV: ${message}`);
  }
}

function columns(header: readonly string[]): string[] {
  const names = header.map((name) => name.trim().toLowerCase());
  const missing = REQUIRED.filter((name) => !names.includes(name));
  require(missing.length === 0, 'voters/columns', `the voter list lacks the column ${missing.join(', ')}`);
  const wrong = names.filter((name, i) => !KNOWN.has(name) || names.indexOf(name) !== i);
  require(wrong.length === 0, 'voters/columns', `unknown or repeated column ${wrong.map(shown).join(', ')}`);
  return names;
}

function readVoter(record: Row['record'], slugs: readonly string[], complain: (problem: string) => unknown): Voter {
  const { id = '', name = '', district = '', address = '' } = record;
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/u.test(id))
    complain('the id must be 1 to 64 letters, digits, ".", "_" or "-"');
  if (name === '' || name.length > 200) complain('the name is empty or longer than 200 characters');
  if (address.length > 500) complain('the address is longer than 500 characters');
  if (/\p{Cc}/u.test(name + address)) complain('name or address holds a control character');
  const index = slugs.indexOf(district);
  if (index < 0) complain(`there is no district ${shown(district)}`);
  return {
    id,
    name,
    district: index,
    address: address
      .split('|')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  };
}

function listProblems(problems: readonly string[]): string {
  const more = problems.length > SHOWN ? [`and ${problems.length - SHOWN} more`] : [];
  return `the voter list has ${problems.length} problems:\n${[...problems.slice(0, SHOWN), ...more].join('\n')}`;
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 40));
}
