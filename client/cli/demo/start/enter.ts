import { createInterface } from 'node:readline';

/** Resolves when a line is entered, or when there is nobody (any more) who could enter one. */
export async function untilEnter(): Promise<void> {
  const lines = createInterface({ input: process.stdin });
  await new Promise<void>((done) => {
    lines.once('line', () => done());
    lines.once('close', () => done());
  });
  lines.close();
}
