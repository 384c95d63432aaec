import { lanesFor } from '../ballot/rules.ts';
import { ruleOf } from '../ballot/presets.ts';
import { definitionHash } from '../definition/decode.ts';
import type { Contest, Definition } from '../definition/definition.ts';
import { polls, units } from '../definition/polls.ts';
import type { Config, ConfigContest } from './config.ts';

function toContest({ preset, params, options, onSmall }: Contest): ConfigContest {
  const rule = ruleOf(preset, params, options.length);
  return { lanes: lanesFor(options.length), withholdSmall: onSmall === 'withhold', rule };
}

/**
 * The configuration that follows from a definition: all that `Election` is made with, and what check 1 compares (SPEC §3, §15).
 *
 * @throws `rules/…` for a contest whose rule does not exist; a decoded definition has none
 */
export function toConfig(definition: Definition): Config {
  const { times, officers, trustees, contests } = definition;
  const numbered = units(definition);
  return {
    definitionHash: definitionHash(definition),
    times: {
      registrationOpens: BigInt(times.registrationOpens),
      registrationCloses: BigInt(times.registrationCloses),
      challengeSeconds: BigInt(times.challengeSeconds),
      opensAt: BigInt(times.opensAt),
      closesAt: BigInt(times.closesAt),
      graceSeconds: BigInt(times.graceSeconds),
      settleSeconds: BigInt(times.settleSeconds),
      maxExtensionSeconds: BigInt(times.maxExtensionSeconds),
    },
    officers: officers.keys,
    quorum: BigInt(officers.quorum),
    registrar: definition.registrar,
    trustees: trustees.keys,
    threshold: BigInt(trustees.threshold),
    boxes: definition.boxes.map(({ address }) => address),
    maskRounds: BigInt(definition.maskRounds),
    voters: definition.districts.map(({ voters }) => BigInt(voters)),
    contests: contests.map(toContest),
    units: numbered.map(({ contest, mergeInto }) => ({ contest, mergeInto: mergeInto === null ? 0 : mergeInto + 1 })),
    polls: polls(definition).map(({ contest, district, unit }) => ({ contest, district, unit })),
    minAnonymitySet: BigInt(definition.minAnonymitySet),
  };
}
