import { UrnaError } from '../../../protocol/errors.ts';
import type { EligibilitySettings } from '../settings.ts';
import { oidc } from './oidc.ts';
import type { SecondFactor } from './second-factor.ts';

/** A plug-in that is open. */
export interface OpenedFactor {
  readonly factor: SecondFactor;
  /** `/v1/oidc/callback`, where every plug-in's browsers come back, as they reach it. */
  readonly callbackUrl: string;
  /** Page to which a browser goes afterwards; undefined to answer with the receipt itself. */
  readonly returnUrl: string | undefined;
}

/** A kind of second factor, as the setting `secondFactor` names it. */
export interface SecondFactorKind {
  /** Settings without which it does not work. */
  readonly needs: readonly (keyof EligibilitySettings)[];
  /** The office that names persons; a subject is one of an office (SPEC §17.1). Empty where the settings name none. */
  issuer(settings: Pick<EligibilitySettings, 'oidcIssuer'>): string;
  /** @throws `file/*`, `secret/*` */
  open(settings: EligibilitySettings): Promise<OpenedFactor>;
}

/** The kinds that there are: who adds one adds a line here and its settings to `settings.ts`. */
export type SecondFactorKinds = Readonly<Record<string, SecondFactorKind>>;
export const SECOND_FACTORS: SecondFactorKinds = { oidc };

/** @throws `config/second-factor` for a kind that there is not */
export function kindOf(
  { secondFactor }: Pick<EligibilitySettings, 'secondFactor'>,
  kinds = SECOND_FACTORS,
): SecondFactorKind {
  const kind = Object.hasOwn(kinds, secondFactor) ? kinds[secondFactor] : undefined;
  if (kind !== undefined) return kind;
  throw new UrnaError('config/second-factor', `secondFactor is one of ${Object.keys(kinds).join(', ')}`);
}
