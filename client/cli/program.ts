import { Command } from 'commander';
import { boxNoun } from './nouns/box.ts';
import { ceremonyNoun } from './nouns/ceremony.ts';
import { credentialsNoun } from './nouns/credentials.ts';
import { electionNoun } from './nouns/election.ts';
import { networkNoun } from './nouns/network.ts';
import { observeNoun } from './nouns/observe.ts';
import { officerNoun } from './nouns/officer.ts';
import { recordNoun } from './nouns/record.ts';
import { rollNoun } from './nouns/roll.ts';
import { tallyNoun } from './nouns/tally.ts';
import { trusteeNoun } from './nouns/trustee.ts';
import { voterNoun } from './nouns/voter.ts';

const ABOUT = `Anonymous e-voting: define, run and verify an election.

Exit status: 0 ok, 1 a check failed, 2 usage, 3 bad input, 4 refused by state, 5 unreachable (retry), 6 incomplete, 70 our fault.
Settings: flag > URNA_* > urna.config.json. Secrets are typed or read from files that only their owner can read.`;

/** The whole command tree; `json` silences commander's own messages, since stdout then holds one JSON object. */
export function program(json: boolean): Command {
  const urna = new Command('urna').description(ABOUT).version('0.1.0').helpCommand(true);
  for (const noun of nouns()) urna.addCommand(noun);
  strict(urna, json);
  return urna;
}

function nouns(): Command[] {
  return [
    electionNoun(),
    credentialsNoun(),
    rollNoun(),
    trusteeNoun(),
    officerNoun(),
    boxNoun(),
    voterNoun(),
    tallyNoun(),
    observeNoun(),
    recordNoun(),
    ceremonyNoun(),
    networkNoun(),
  ];
}

/** Errors are thrown, not exited with, in every command of the tree. */
function strict(command: Command, json: boolean): void {
  command.exitOverride().showSuggestionAfterError();
  if (json) command.configureOutput({ writeErr: () => undefined });
  for (const child of command.commands) strict(child, json);
}
