import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const PAGES = ['SECURITY.md', 'COMPLIANCE.md'] as const;
const STATUSES = ['met', 'partly', 'not yet', 'outside'];

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

/** What a page cites of this repository: targets of links, and code spans that name a file or a folder. */
function citedPaths(text: string): string[] {
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/gu)].map(([, target = '']) => target);
  const spans = [...text.matchAll(/`([^`\s]+)`/gu)].map(([, span = '']) => span);
  const local = links.filter((target) => !/^https?:/u.test(target)).map((target) => target.replace(/#.*$/u, ''));
  return [...local, ...spans.filter((span) => span.includes('/') || /\.\w+$/u.test(span))];
}

/** The names of tests that a page quotes, each with the path cited before it. */
function quotedTests(text: string): { path: string; name: string }[] {
  return [...text.matchAll(/`([^`\s]+)` “([^”]+)”/gu)].map(([, path = '', name = '']) => ({ path, name }));
}

/** The rows of the standards' table: the cells of each line that begins with a number. */
function standards(): string[][] {
  const lines = read('COMPLIANCE.md').split('\n');
  return lines.filter((line) => /^\| \d+ \|/u.test(line)).map((line) => line.split('|').slice(1, -1).map(trim));
}

function trim(cell: string): string {
  return cell.trim();
}

describe.each(PAGES)('%s', (page) => {
  it('cites only what exists', () => {
    const paths = citedPaths(read(page));
    expect(paths.length).toBeGreaterThan(20);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('quotes only tests that are in the file it cites', () => {
    expect(quotedTests(read(page))).toHaveLength(read(page).split('“').length - 1);
    const wrong = quotedTests(read(page)).filter(
      ({ path, name }) => !statSync(join(root, path)).isFile() || !read(path).includes(`'${name}'`),
    );
    expect(wrong).toEqual([]);
  });
});

describe('table of CM/Rec(2017)5', () => {
  it('has its 49 standards, in order, each with a status', () => {
    const rows = standards();
    expect(rows.map(([number]) => Number(number))).toEqual(Array.from({ length: 49 }, (_, i) => i + 1));
    for (const row of rows) expect(row).toHaveLength(5);
    expect(rows.filter(([, , status = '']) => !STATUSES.includes(status))).toEqual([]);
  });

  it('shows a page or test for whatever it calls met, and says what is missing elsewhere', () => {
    const unshown = standards().filter(([, , status, how, shown]) =>
      status === 'met' || status === 'partly' ? how === '' || citedPaths(shown ?? '').length === 0 : false,
    );
    expect(unshown).toEqual([]);
  });
});

describe('README.md', () => {
  it.each(PAGES)('leads to %s', (page) => {
    expect(citedPaths(read('README.md'))).toContain(page);
  });
});
