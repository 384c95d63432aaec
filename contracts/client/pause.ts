/** Waits. Without node's own timers: what follows a chain runs in browsers, too. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
