import { useRef, useState } from 'preact/hooks';
import { UrnaError } from '../../../../protocol/errors.ts';
import type { Desk } from './use-desk.ts';

/** The proof of a ballot that is to be cast. */
export interface Proof {
  readonly isProving: boolean;
  /** Whether the last one was cancelled. */
  readonly isCancelled: boolean;
  /** The update for a box; undefined if the proof was cancelled meanwhile. @throws the worker's codes */
  readonly prove: () => Promise<string | undefined>;
  /** Ends the worker in the middle of a proof, with the ballot and its randomness, and begins with another. @returns false where nothing is being proved */
  readonly cancel: () => boolean;
}

export function useProof({ desk, reopen }: Desk): Proof {
  const [state, setState] = useState({ isProving: false, isCancelled: false });
  /** The proof that is being made. What was cancelled is not handed in, even if it was ready in that very moment. */
  const current = useRef<object | undefined>(undefined);
  const prove = async (): Promise<string | undefined> => {
    const own = {};
    current.current = own;
    setState({ isProving: true, isCancelled: false });
    try {
      const made = await desk()?.ask('cast', undefined);
      return current.current === own ? made?.update : undefined;
    } catch (error) {
      const isEnded = error instanceof UrnaError && error.code === 'ballot/ended';
      if (isEnded && current.current !== own) return undefined;
      throw error;
    } finally {
      if (current.current === own) {
        current.current = undefined;
        setState({ isProving: false, isCancelled: false });
      }
    }
  };
  const cancel = (): boolean => {
    if (current.current === undefined) return false;
    current.current = undefined;
    setState({ isProving: false, isCancelled: true });
    desk()?.end();
    reopen();
    return true;
  };
  return { ...state, prove, cancel };
}
