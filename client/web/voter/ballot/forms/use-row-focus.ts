import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** A button of a row: the one that adds an option, moves it up or down, or takes it out. */
export type RowButton = 'add' | 'up' | 'down' | 'out';

/** Where the focus may go, best first: the buttons of rows, each by its option. */
export type FocusWish = readonly (readonly [option: number | undefined, button: RowButton])[];

/**
 * Keeps the focus in a list whose rows change under the pressed button: the row has moved or is gone, or the button is disabled at the list's end.
 *
 * @returns to be told, with each change, where the focus is to go once the rows are drawn again
 */
export function useRowFocus(form: RefObject<HTMLElement | null>): (wish: FocusWish) => void {
  const wished = useRef<FocusWish>([]);
  useLayoutEffect(() => {
    const buttons = wished.current.map(([option, button]) =>
      form.current?.querySelector<HTMLElement>(
        `[data-option="${option ?? ''}"] [data-button="${button}"]:not(:disabled)`,
      ),
    );
    wished.current = [];
    buttons.find((button) => button)?.focus();
  });
  return (wish) => {
    wished.current = wish;
  };
}
