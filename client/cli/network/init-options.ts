import { optional, wholeNumber } from '../frame/invocation.ts';
import type { Invocation } from '../frame/invocation.ts';

const DEFAULT_CHAIN_ID = 7_325;
const MAX_CHAIN_ID = 2 ** 31 - 1;
/** Of a block. On Clique it is twice of what blocks use in the long run: above half of it the base fee rises. */
const GAS_LIMIT = 80_000_000;
const [LEAST_GAS, MOST_GAS] = [20_000_000, 1_000_000_000];

/** A number option that may be left out. @throws `usage/number` */
export function numberOr(call: Invocation, name: string, value: number, min: number, max: number): number {
  return optional(call, name) === undefined ? value : wholeNumber(call, name, min, max);
}

/** `--chain-id`, `--period` (seconds between blocks) and `--gas-limit` of a new chain. @throws `usage/number` */
export function chainOf(call: Invocation, period: number) {
  return {
    chainId: numberOr(call, 'chainId', DEFAULT_CHAIN_ID, 1, MAX_CHAIN_ID),
    period: numberOr(call, 'period', period, 1, 60),
    gasLimit: BigInt(numberOr(call, 'gasLimit', GAS_LIMIT, LEAST_GAS, MOST_GAS)),
  };
}
