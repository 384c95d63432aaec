import type { PresetParams } from '../ballot/presets.ts';
import type { Hex } from '../encoding.ts';

declare const definitionBrand: unique symbol;

/** A name in the voters' three languages; all are required, so that no page falls back silently. */
export interface Title {
  readonly en: string;
  readonly fr: string;
  readonly ru: string;
}

/** Unix seconds and durations in seconds, as the contract's `Times`. */
export interface Times {
  readonly registrationOpens: number;
  readonly registrationCloses: number;
  readonly challengeSeconds: number;
  readonly opensAt: number;
  readonly closesAt: number;
  readonly graceSeconds: number;
  readonly settleSeconds: number;
  readonly maxExtensionSeconds: number;
}

export interface District {
  readonly id: string;
  readonly title: Title;
  /** Upper bound of the roll, 1 … 2^20. */
  readonly voters: number;
}

export interface Option {
  readonly id: string;
  readonly title: Title;
}

/** Districts of a contest that are counted together. */
export interface Unit {
  readonly id: string;
  /** Ids of districts. */
  readonly districts: readonly string[];
  /** Id of the unit of this contest that takes this one in if it stays too small; null if none does. */
  readonly mergeInto: string | null;
}

export interface Contest {
  readonly id: string;
  readonly title: Title;
  readonly preset: string;
  readonly params: PresetParams;
  readonly options: readonly Option[];
  readonly units: readonly Unit[];
  readonly onSmall: 'decrypt' | 'withhold';
}

/** `election.json` (SPEC §3). Branded: only the decoder makes one, so whoever holds one need not check it again. */
export interface Definition {
  readonly version: 1;
  readonly id: string;
  readonly environment: 'development' | 'rehearsal' | 'binding';
  readonly assurance: 'single-office' | 'two-office';
  readonly title: Title;
  readonly chain: {
    readonly id: number;
    readonly profile: 'embedded' | 'clique' | 'besu-qbft';
    /** Who seals the chain's blocks, increasing; absent where seals are not checked (SPEC §3.3). */
    readonly validators?: readonly Hex[];
  };
  readonly times: Times;
  readonly registrar: Hex;
  readonly officers: { readonly keys: readonly Hex[]; readonly quorum: number };
  readonly trustees: { readonly keys: readonly Hex[]; readonly threshold: number };
  readonly boxes: readonly { readonly id: string; readonly address: Hex }[];
  readonly maskRounds: number;
  readonly districts: readonly District[];
  readonly contests: readonly Contest[];
  readonly minAnonymitySet: number;
  readonly setupHash: Hex;
  readonly webHash: Hex;
  readonly [definitionBrand]: true;
}

/** Something wrong in a definition. */
export interface Problem {
  /** `definition/…` or, of a contest's rule, `rules/…` (SPEC §16). */
  readonly code: string;
  /** JSONPath of the place, e.g. `$.contests[0].units[1].mergeInto`. */
  readonly path: string;
  readonly message: string;
}
