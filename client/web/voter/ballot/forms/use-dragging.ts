import type { RefObject } from 'preact';
import { useState } from 'preact/hooks';

/** Dragging rows of a list by a handle, with mouse, finger or pen. */
export interface Dragging {
  /** What is being dragged. */
  readonly dragged: number | undefined;
  /** Listeners of a row's handle. */
  readonly handleOf: (option: number) => {
    readonly onPointerDown: (event: PointerEvent) => void;
    readonly onPointerMove: (event: PointerEvent) => void;
    readonly onPointerUp: () => void;
    readonly onPointerCancel: () => void;
  };
}

/** @param move - puts a row at the place over which the pointer is */
export function useDragging(
  list: RefObject<HTMLElement | null>,
  order: readonly number[],
  move: (option: number, place: number) => void,
): Dragging {
  const [dragged, setDragged] = useState<number | undefined>(undefined);
  const end = (): void => setDragged(undefined);
  const placeAt = (y: number): number => {
    const rows = [...(list.current?.children ?? [])].map((row) => row.getBoundingClientRect());
    const above = rows.filter(({ top, height }) => y > top + height / 2);
    return Math.min(above.length, order.length - 1);
  };
  const handleOf: Dragging['handleOf'] = (option) => ({
    onPointerDown: (event) => {
      event.preventDefault();
      (event.currentTarget as Element).setPointerCapture(event.pointerId);
      setDragged(option);
    },
    onPointerMove: ({ clientY }) => {
      if (dragged !== option) return;
      const place = placeAt(clientY);
      if (order[place] !== option) move(option, place);
    },
    onPointerUp: end,
    onPointerCancel: end,
  });
  return { dragged, handleOf };
}
