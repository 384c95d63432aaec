import { useCallback, useEffect, useState } from 'preact/hooks';

/** Something that is being fetched, could not be, or is there. */
export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly error: unknown; readonly retry: () => void }
  | { readonly state: 'ready'; readonly value: T };

/** Loads once, and again when told or when the device is connected again after a failure. @param load - the same function each time */
export function useLoaded<T>(load: () => Promise<T>): Loaded<T> {
  const [attempt, setAttempt] = useState(0);
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: 'loading' });
  const retry = useCallback(() => setAttempt((count) => count + 1), []);
  useEffect(() => {
    let isWanted = true;
    setLoaded({ state: 'loading' });
    load().then(
      (value) => isWanted && setLoaded({ state: 'ready', value }),
      (error: unknown) => isWanted && setLoaded({ state: 'failed', error, retry }),
    );
    return () => {
      isWanted = false;
    };
  }, [load, attempt, retry]);
  const failed = loaded.state === 'failed';
  useEffect(() => {
    if (!failed) return undefined;
    addEventListener('online', retry);
    return () => removeEventListener('online', retry);
  }, [failed, retry]);
  return loaded;
}
