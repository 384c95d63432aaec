const started = Date.now();
let number = 0;
const WORKERS = 2;

/** From now on Ctrl-C and SIGTERM end this program at once, and what it started with it: unhandled, they would leave that running. @returns what undoes it */
export function endWithChildren(): () => void {
  const ends = (['SIGINT', 'SIGTERM'] as const).map((signal) => {
    const end = (): never => process.exit(signal === 'SIGINT' ? 130 : 143);
    process.once(signal, end);
    return () => process.removeListener(signal, end);
  });
  return () => ends.forEach((undo) => undo());
}

/** Shows the next numbered step of the story. */
export function chapter(title: string): void {
  number += 1;
  const seconds = ((Date.now() - started) / 1000).toFixed(0).padStart(4);
  process.stdout.write(`\n[${seconds} s] ${number}. ${title}\n`);
}

/** A line below the step. */
export function say(line: string): void {
  process.stdout.write(`         ${line}\n`);
}

/** Seconds since the story began. */
export function elapsed(): number {
  return (Date.now() - started) / 1000;
}

/** Runs `work` for every item, two at a time, and shows how far it is. */
export async function each<T, R>(
  what: string,
  items: readonly T[],
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  let done = 0;
  const show = (): void => {
    if (process.stdout.isTTY) process.stdout.write(`\r         ${what}: ${done} of ${items.length}`);
  };
  show();
  const results = await twoAtATime(items, async (item, index) => {
    const result = await work(item, index);
    done += 1;
    show();
    return result;
  });
  process.stdout.write(process.stdout.isTTY ? '\n' : `         ${what}: ${done}\n`);
  return results;
}

/** Runs `work` for every item, two at a time: each is a program of its own that keeps a core busy. @returns results in the items' order */
export async function twoAtATime<T, R>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) results[i] = await work(items[i] as T, i);
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
  return results;
}
