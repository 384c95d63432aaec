import type { ChainProfile } from '../../../contracts/network/profiles.ts';
import { optional, wholeNumber } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';

const MAX_CHAIN_ID = 2 ** 31 - 1;
/** Gas of a block. */
const [LEAST_GAS, MOST_GAS] = [20_000_000, 1_000_000_000];

/** A number option that may be left out. @throws `usage/number` */
export function numberOr(call: Invocation, name: string, value: number, min: number, max: number): number {
  return optional(call, name) === undefined ? value : wholeNumber(call, name, min, max);
}

/** `--chain-id`, `--period` (seconds between blocks) and `--gas-limit` of a new chain, the profile's where they are not given. @throws `usage/number` */
export function chainOf(call: Invocation, { newChain }: ChainProfile) {
  return {
    chainId: numberOr(call, 'chainId', newChain.chainId, 1, MAX_CHAIN_ID),
    period: numberOr(call, 'period', newChain.period, 1, 60),
    gasLimit: BigInt(numberOr(call, 'gasLimit', Number(newChain.gasLimit), LEAST_GAS, MOST_GAS)),
  };
}
