import type { Command } from 'commander';
import { keyVerb } from '../frame/key-verb.ts';
import { nounOf } from '../frame/verbs.ts';

/** `urna trustee`. */
export function trusteeNoun(): Command {
  return nounOf('trustee', 'trustee', {
    key: keyVerb('trustee'),
  });
}
