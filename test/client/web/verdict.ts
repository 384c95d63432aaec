import type { Page } from 'playwright-core';

/** A row of a verdict. */
export interface ShownCheck {
  readonly number: number;
  readonly title: string;
  readonly items: number;
  readonly ok: boolean;
}

/** The rows of a verdict as a visitor reads them. */
export async function shownVerdict(page: Page): Promise<ShownCheck[]> {
  await page.waitForSelector('#verdict', { timeout: 60_000 });
  const rows = await page.locator('#verdict ~ .wide tbody tr').evaluateAll((all) =>
    all.map((row) => ({
      cells: [...row.children].map((cell) => cell.textContent ?? ''),
      title: row.querySelector('strong')?.textContent ?? '',
      ok: row.querySelector('td.not-passed') === null,
    })),
  );
  return rows.map(({ cells, title, ok }) => ({ number: Number(cells[0]), title, items: Number(cells[3]), ok }));
}
