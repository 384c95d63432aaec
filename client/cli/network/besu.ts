import { initBesu, readKnownValidator } from '../../../contracts/network/besu/init.ts';
import { chainProfile } from '../../../contracts/network/profiles.ts';
import { require } from '../../../protocol/errors.ts';
import { readAddress } from '../election/definition-file.ts';
import { optional, several } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';
import type { Outcome } from '../frame/outcome.ts';
import { chainOf, numberOr } from './init-options.ts';

/** Fewer than four validators of QBFT bear no fault at all; the messages of a round grow with the square of their number. */
const [FEWEST, MOST] = [4, 16];

/** `urna network init --engine besu-qbft`: what a production chain's machines are set up from; nothing of it runs by this command. */
export function initBesuNetwork(call: Invocation, folder: string): Outcome {
  require(several(call, 'fund').length ===
    0, 'usage/option', '--fund is for Clique: gas has no price on a Besu network, and --account says who may send');
  const accounts = [...new Set(several(call, 'account').map(readAddress))];
  require(accounts.length >
    0, 'usage/option', 'give --account once for each account that may send transactions: officers, registrar, boxes, trustees');
  const known = several(call, 'validator').map(readKnownValidator);
  require(known.length === 0 ||
    optional(call, 'validators') === undefined, 'usage/option', 'give either --validators or each --validator');
  require(known.length === 0 ||
    (known.length >= FEWEST &&
      known.length <= MOST), 'usage/number', `--validator must be given ${FEWEST} to ${MOST} times`);
  const network = initBesu({
    ...{ folder, accounts, rpcHosts: several(call, 'rpcHost'), ...chainOf(call, chainProfile('besu-qbft')) },
    validators: known.length > 0 ? known : numberOr(call, 'validators', FEWEST, FEWEST, MOST),
  });
  const { chainId, engine, validators } = network;
  // As the definition of an election names the chain, and its blocks list them (SPEC §3.1, §14.8).
  const chain = { id: chainId, profile: engine, validators: validators.map(({ address }) => address).sort() };
  return {
    data: { folder, engine, chainId, accounts, chain, validators: validators.map((each) => ({ ...each })) },
    text: [
      `${folder} holds the files of a Besu QBFT network of ${validators.length} validators, chain ${chainId}; contracts/network/BESU.md says how they are used`,
      `an election’s definition names it so: "chain": ${JSON.stringify(chain)}`,
      known.length > 0
        ? 'each validator’s operator puts its own key into its folder, as data/key'
        : 'all validators’ keys were made here: who has this folder is the whole chain. For a binding election give --validator, with keys that their operators made',
    ].join('\n'),
  };
}
