import { createInterface } from 'node:readline/promises';
import { UrnaError, require } from '../../../protocol/errors.ts';

/**
 * A line typed at the terminal; the question goes to stderr, so that stdout holds answers only.
 *
 * @throws `usage/terminal` where there is no terminal to ask at
 */
export async function ask(question: string): Promise<string> {
  requireTerminal();
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await reader.question(question)).trim();
  } finally {
    reader.close();
  }
}

/** Like {@link ask}, without showing what is typed. @throws `usage/terminal`, `usage/interrupted` */
export async function askSecret(question: string): Promise<string> {
  requireTerminal();
  process.stderr.write(question);
  process.stdin.setRawMode(true);
  process.stdin.setEncoding('utf8');
  process.stdin.resume();
  try {
    return await typedLine();
  } finally {
    process.stdin.setRawMode(false);
    process.stdin.pause();
    process.stderr.write('\n');
  }
}

/** Shows a secret at the terminal and nowhere else. @throws `usage/terminal` */
export async function showSecret(text: string): Promise<void> {
  requireTerminal();
  process.stderr.write(`\n${text}\n`);
  await ask('Press Enter when you have it. ');
}

function typedLine(): Promise<string> {
  return new Promise((resolve, reject) => {
    let line = '';
    const finish = (settle: () => void): void => {
      process.stdin.off('data', listen);
      settle();
    };
    const listen = (chunk: string): void => {
      for (const char of chunk) {
        if (char === '\r' || char === '\n') return finish(() => resolve(line));
        if (char === '\u0003') return finish(() => reject(new UrnaError('usage/interrupted', 'interrupted')));
        line = char === '\u007f' || char === '\b' ? line.slice(0, -1) : line + char;
      }
    };
    process.stdin.on('data', listen);
  });
}

function requireTerminal(): void {
  const there = process.stdin.isTTY && process.stderr.isTTY;
  require(there, 'usage/terminal', 'there is no terminal to ask at: give the file option instead (see --help)');
}
