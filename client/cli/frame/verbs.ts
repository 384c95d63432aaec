import { Command, Option } from 'commander';
import { action } from './run.ts';
import type { Verb } from './run.ts';
import { SETTINGS, variableOf } from './settings.ts';
import type { SettingName } from './settings.ts';

const describe: Readonly<Record<SettingName, readonly [string, string]>> = {
  rpc: ['--rpc <url>', 'JSON-RPC address of a chain node'],
  election: ['--election <address>', 'address of the Election contract'],
  deployment: ['--deployment <file>', 'deployment file, written by "election deploy"'],
  definition: ['--definition <file>', 'definition of the election, canonical JSON'],
  public: [
    '--public <folder>',
    'published files: election.json, credentials/<district>.json, registrations-<version>.jsonl, reasons-<version>.json',
  ],
  cache: ['--cache <folder>', 'where what was read from the chain is kept between commands (default: .urna-cache)'],
  artifacts: ['--artifacts <folder>', 'folder of the circuit artifacts'],
  accountFile: ['--account-file <file>', 'key file of the account that pays for transactions'],
  passphraseFile: [
    '--passphrase-file <file>',
    'file with the passphrase of the key file (mode 0600); asked for otherwise',
  ],
  accountPassphraseFile: ['--account-passphrase-file <file>', 'passphrase of --account-file, if it is another'],
};

/** A verb's own option: flags as commander writes them, and a sentence; `required` ones end with an exclamation mark. */
export type OptionSpec = readonly [flags: string, text: string];

/** What a verb is: its arguments, settings and options, and where its work is. */
export interface VerbSpec {
  readonly text: string;
  readonly args?: string;
  readonly settings?: readonly SettingName[];
  readonly required?: readonly OptionSpec[];
  readonly options?: readonly OptionSpec[];
  /** Options that may be given several times: read them with `several`. */
  readonly repeated?: readonly OptionSpec[];
  readonly load: () => Promise<Verb>;
}

/** A noun of `urna <noun> <verb>` with its verbs. */
export function nounOf(name: string, text: string, verbs: Readonly<Record<string, VerbSpec>>): Command {
  const noun = new Command(name).description(text);
  for (const [verb, spec] of Object.entries(verbs)) noun.addCommand(commandOf(verb, spec));
  return noun;
}

function commandOf(name: string, spec: VerbSpec): Command {
  const command = new Command(name).description(spec.text).allowExcessArguments(false);
  if (spec.args !== undefined) command.arguments(spec.args);
  for (const [flags, text] of spec.required ?? []) command.requiredOption(flags, text);
  for (const [flags, text] of spec.options ?? []) command.option(flags, text);
  const collect = (value: string, earlier: readonly string[] = []): readonly string[] => [...earlier, value];
  for (const [flags, text] of spec.repeated ?? []) command.option(flags, text, collect);
  const wanted = SETTINGS.filter((setting) => spec.settings?.includes(setting));
  for (const setting of wanted) {
    const [flags, text] = describe[setting];
    command.addOption(new Option(flags, `${text} [${variableOf(setting)}]`));
  }
  command.option('--config <file>', 'configuration file (default: urna.config.json)');
  command.option('--json', 'one JSON object {ok, code, data} on stdout');
  command.option('--quiet', 'no progress on stderr');
  return command.action(action(spec.load));
}
