import { CommanderError } from 'commander';
import type { Command } from 'commander';
import { canonicalJson } from '../../../protocol/canonical-json.ts';
import { UrnaError } from '../../../protocol/errors.ts';
import { EXIT, codeOf, exitOf } from '../../../protocol/node/exit-codes.ts';
import type { Invocation } from './invocation.ts';
import type { Outcome } from './outcome.ts';
import { createProgress } from './progress.ts';
import { loadSettings } from './settings.ts';

/** The work of a command. Modules are loaded when the command is called, so that `--help` costs nothing. */
export type Verb = (call: Invocation) => Promise<Outcome>;

/** The commander action that loads `verb`, runs it and prints its outcome. */
export function action(load: () => Promise<Verb>) {
  return async (...received: unknown[]): Promise<void> => {
    const command = received.at(-1) as Command;
    const options = command.opts();
    const json = options['json'] === true;
    const settings = await loadSettings(options, process.env);
    const progress = createProgress(json || options['quiet'] === true);
    const verb = await load();
    const outcome = await verb({ options, args: command.args, settings, progress });
    if (json) printJson((outcome.exit ?? 0) === 0, outcome.code ?? 'ok', outcome.data);
    else process.stdout.write(`${outcome.text}\n`);
    process.exitCode = outcome.exit ?? EXIT.ok;
  };
}

/** Prints an error and sets the exit status. An unexpected one shows its stack only if asked: it may hold a secret. */
export function report(error: unknown, json: boolean): void {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (json && error.exitCode !== 0) printJson(false, 'usage/arguments', { message: error.message });
    return;
  }
  const code = codeOf(error);
  const message = error instanceof UrnaError ? error.message : unexpected(error);
  process.exitCode = exitOf(code);
  if (json) printJson(false, code, { message });
  else process.stderr.write(`urna: ${message} [${code}]\n`);
}

function printJson(ok: boolean, code: string, data: unknown): void {
  process.stdout.write(`${canonicalJson({ ok, code, data })}\n`);
}

function unexpected(error: unknown): string {
  const name = error instanceof Error ? error.name : typeof error;
  if (process.env['NODE_DEBUG'] === 'urna' && error instanceof Error) process.stderr.write(`${error.stack ?? name}\n`);
  return `something went wrong that should not (${name}); set NODE_DEBUG=urna to see where, and report it`;
}
