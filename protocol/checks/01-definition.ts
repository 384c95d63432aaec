import { configHash, encodeElectionArguments } from '../config/config.ts';
import { decodeWord, encodeHex } from '../encoding.ts';
import { keccak256 } from '../hash.ts';
import type { Entry } from '../record/entry.ts';
import type { Check } from './check.ts';

/** Check 1: the chain holds the published definition and the configuration derived from it (SPEC §15). */
export const definitionCheck: Check = {
  number: 1,
  begin({ evidence, definition, config }, findings) {
    let defined = 0;
    let created: { readonly seq: number; readonly text: string } | undefined;
    const published = encodeHex(keccak256(evidence.definition));
    const takeDefined = ({ seq, data }: Extract<Entry, { kind: 'defined' }>): void => {
      findings.count();
      defined += 1;
      if (defined > 1) findings.fail(seq, 'the election is defined a second time');
      if (data.definitionHash !== published)
        findings.fail(seq, 'the definition’s hash is not that of the published one');
      if (data.chainId !== definition.chain.id) findings.fail(seq, 'the chain is not the one the definition names');
      if (decodeWord(data.configHash) !== configHash(config)) {
        findings.fail(seq, 'the configuration’s hash is not that of the published definition’s');
      }
      if (created?.text !== encodeHex(encodeElectionArguments(config, data))) {
        findings.fail(created?.seq ?? seq, 'the election was not created with the published configuration');
      }
    };
    return {
      take(entry) {
        if (entry.kind === 'deployment' && entry.data.name === 'election') {
          created = { seq: entry.seq, text: entry.data.arguments };
        }
        if (entry.kind === 'defined') takeDefined(entry);
      },
      end() {
        if (defined === 0) findings.fail(undefined, 'the record does not say which election it is of');
      },
    };
  },
};
