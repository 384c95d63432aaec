import type { ElectionParts } from '../acts/objects.ts';
import type { Rule } from '../ballot/rules.ts';
import type { Hex } from '../encoding.ts';
import { decodeHex, decodeNumber, decodeWord } from '../encoding.ts';
import { keccak256 } from '../hash.ts';
import type { AbiValue } from './abi.ts';
import { abiArray, abiTuple, abiWord, encodeAbi } from './abi.ts';

/** Times of an election: Unix seconds and durations in seconds. */
export interface ConfigTimes {
  readonly registrationOpens: bigint;
  readonly registrationCloses: bigint;
  readonly challengeSeconds: bigint;
  readonly opensAt: bigint;
  readonly closesAt: bigint;
  readonly graceSeconds: bigint;
  readonly settleSeconds: bigint;
  readonly maxExtensionSeconds: bigint;
}

/** A contest; `lanes` 1, 4 or 8. */
export interface ConfigContest {
  readonly lanes: number;
  readonly withholdSmall: boolean;
  readonly rule: Rule;
}

/** All that a definition fixes on chain: the argument of `Election`'s constructor, member by member (IElection.sol). */
export interface Config {
  readonly definitionHash: Hex;
  readonly times: ConfigTimes;
  readonly officers: readonly Hex[];
  readonly quorum: bigint;
  readonly registrar: Hex;
  readonly trustees: readonly Hex[];
  readonly threshold: bigint;
  readonly boxes: readonly Hex[];
  readonly maskRounds: bigint;
  readonly voters: readonly bigint[];
  readonly contests: readonly ConfigContest[];
  /** `mergeInto` is a global unit index plus one, or 0. */
  readonly units: readonly { readonly contest: number; readonly mergeInto: number }[];
  readonly polls: readonly { readonly contest: number; readonly district: number; readonly unit: number }[];
  readonly minAnonymitySet: bigint;
}

const address = (value: Hex): AbiValue => abiWord(decodeNumber(decodeHex(value, 20)));
const addresses = (values: readonly Hex[]): AbiValue => abiArray(values.map(address));
const words = (values: readonly bigint[]): AbiValue => abiArray(values.map(abiWord));

function timesValue(times: ConfigTimes): AbiValue {
  const { registrationOpens, registrationCloses, challengeSeconds, opensAt, closesAt } = times;
  const { graceSeconds, settleSeconds, maxExtensionSeconds } = times;
  const start = [registrationOpens, registrationCloses, challengeSeconds, opensAt, closesAt];
  return abiTuple([...start, graceSeconds, settleSeconds, maxExtensionSeconds].map(abiWord));
}

function contestValue({ lanes, withholdSmall, rule }: ConfigContest): AbiValue {
  const { minTotal, maxTotal, quadratic, distinct, max, price } = rule;
  const scalars = [minTotal, maxTotal, quadratic, distinct].map(abiWord);
  return abiTuple([abiWord(lanes), abiWord(withholdSmall), abiTuple([...scalars, words(max), words(price)])]);
}

function configValue(config: Config): AbiValue {
  return abiTuple([
    abiWord(decodeWord(config.definitionHash)),
    timesValue(config.times),
    addresses(config.officers),
    abiWord(config.quorum),
    address(config.registrar),
    addresses(config.trustees),
    abiWord(config.threshold),
    addresses(config.boxes),
    abiWord(config.maskRounds),
    words(config.voters),
    abiArray(config.contests.map(contestValue)),
    abiArray(config.units.map(({ contest, mergeInto }) => abiTuple([contest, mergeInto].map(abiWord)))),
    abiArray(config.polls.map(({ contest, district, unit }) => abiTuple([contest, district, unit].map(abiWord)))),
    abiWord(config.minAnonymitySet),
  ]);
}

/** `keccak256(abi.encode(config))`, as `Election` computes it (SPEC §12.1, act `approve`). */
export function configHash(config: Config): bigint {
  return decodeNumber(keccak256(encodeAbi(configValue(config))));
}

/** The constructor arguments of `Election`: `abi.encode(config, roll, ceremony, ballots, tally)`. */
export function encodeElectionArguments(config: Config, parts: ElectionParts): Uint8Array {
  return encodeAbi(configValue(config), ...[parts.roll, parts.ceremony, parts.ballots, parts.tally].map(address));
}
