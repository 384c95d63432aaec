import { lanesFor } from '../../ballot/rules.ts';
import { ruleOf } from '../../ballot/presets.ts';
import type { Config } from '../../config/config.ts';
import type { Contest, Definition } from '../../definition/definition.ts';
import { polls, units } from '../../definition/polls.ts';
import type { Hex } from '../../encoding.ts';

/**
 * What a definition must have fixed on chain. An observer derives it here, without the code that deploys, so that a
 * mistake there does not repeat itself in the check.
 *
 * @throws `rules/…` if a contest's rule cannot be made
 */
export function configOf(definition: Definition, definitionHash: Hex): Config {
  const { times } = definition;
  return {
    definitionHash,
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
    officers: definition.officers.keys,
    quorum: BigInt(definition.officers.quorum),
    registrar: definition.registrar,
    trustees: definition.trustees.keys,
    threshold: BigInt(definition.trustees.threshold),
    boxes: definition.boxes.map(({ address }) => address),
    maskRounds: BigInt(definition.maskRounds),
    voters: definition.districts.map(({ voters }) => BigInt(voters)),
    contests: definition.contests.map(contestOf),
    units: units(definition).map(({ contest, mergeInto }) => ({
      contest,
      mergeInto: mergeInto === null ? 0 : mergeInto + 1,
    })),
    polls: polls(definition).map(({ contest, district, unit }) => ({ contest, district, unit })),
    minAnonymitySet: BigInt(definition.minAnonymitySet),
  };
}

function contestOf({ preset, params, options, onSmall }: Contest): Config['contests'][number] {
  return {
    lanes: lanesFor(options.length),
    withholdSmall: onSmall === 'withhold',
    rule: ruleOf(preset, params, options.length),
  };
}
