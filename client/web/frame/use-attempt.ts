import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

/** Something that a person starts by a button: once at a time, and what went wrong stays until the next attempt. */
export interface Attempt {
  readonly isBusy: boolean;
  readonly error: unknown;
  readonly start: (work: () => Promise<void> | void) => void;
}

export function useAttempt(): Attempt {
  const [state, setState] = useState<Pick<Attempt, 'isBusy' | 'error'>>({ isBusy: false, error: undefined });
  const isBusy = useRef(false);
  const isShown = useRef(true);
  /** What was pressed: its focus is gone where it is disabled meanwhile. */
  const pressed = useRef<Element | null>(null);
  useEffect(() => {
    if (state.isBusy || pressed.current === null) return;
    const { activeElement, body } = document;
    const isLost = activeElement === null || activeElement === body || activeElement.matches(':disabled');
    // What has taken the focus, or another view, is the better place.
    if (isLost && pressed.current.isConnected) (pressed.current as HTMLElement).focus();
    pressed.current = null;
  }, [state.isBusy]);
  useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
    };
  }, []);
  const start = useCallback((work: () => Promise<void> | void): void => {
    if (isBusy.current) return;
    isBusy.current = true;
    pressed.current = document.activeElement;
    setState({ isBusy: true, error: undefined });
    const end = (error: unknown): void => {
      isBusy.current = false;
      if (isShown.current) setState({ isBusy: false, error });
    };
    void (async () => work())().then(() => end(undefined), end);
  }, []);
  return { ...state, start };
}
