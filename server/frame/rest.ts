import { setTimeout as pause } from 'node:timers/promises';

/** Waits; less long where `signal` is aborted meanwhile, which is how a service's work is told to end and no error. */
export async function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await pause(milliseconds, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
