import type { Json } from '../../../protocol/canonical-json.ts';
import { definitionHash, readDefinition } from '../../../protocol/definition/decode.ts';
import type { ElectionContext } from '../../../protocol/credentials/registration.ts';
import type { Definition } from '../../../protocol/definition/definition.ts';
import { decodeHex, encodeHex } from '../../../protocol/encoding.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { getJson } from '../../http/ask.ts';
import type { ServerUrl } from '../../http/server-url.ts';
import { countIn, objectIn, oneOf, textIn } from './members.ts';

/** Where an election stands (DESIGN §4). */
export const PHASES = [
  ...(['defined', 'registering', 'challenge', 'ready', 'open'] as const),
  ...(['closed', 'counted', 'certified', 'cancelled'] as const),
];
export type Phase = (typeof PHASES)[number];

/** What a public service says of its election. Nobody has to believe more of it than the definition, whose hash is computed here. */
export interface ElectionView {
  readonly definition: Definition;
  readonly definitionHash: Hex;
  readonly phase: Phase;
  /** Newest block that the service has seen, and its Unix time. */
  readonly block: number;
  readonly time: number;
  /** Unix times, extensions included. */
  readonly opensAt: number;
  readonly closesAt: number;
  readonly graceEndsAt: number;
  /** What every signature of this election binds. */
  readonly context: ElectionContext;
  /** Addresses of registrar and boxes by id, as the service names them. */
  readonly services: Readonly<Record<string, string>>;
}

/**
 * Whether ballot boxes take ballots, by the chain's clock. The phase stays `open` to the end of the grace, but from `closesAt` on boxes only
 * post what they have (DESIGN §2.5, §2.7): who voted then would vote in vain.
 */
export function isVoting({ phase, time, closesAt }: Pick<ElectionView, 'phase' | 'time' | 'closesAt'>): boolean {
  return phase === 'open' && time < closesAt;
}

/** Name of the phase's text: the grace, which is a part of `open`, has its own. */
export function phaseText(view: Pick<ElectionView, 'phase' | 'time' | 'closesAt'>): string {
  return `phase.${view.phase === 'open' && !isVoting(view) ? 'grace' : view.phase}`;
}

/** @throws `server/*`, `definition/invalid` */
export async function fetchElection(service: ServerUrl): Promise<ElectionView> {
  return decodeElection(await getJson(service, '/v1/election', { maxBytes: 2 ** 22 }));
}

export function decodeElection(answer: Json): ElectionView {
  const view = objectIn(answer);
  const definition = readDefinition(objectIn(view['definition']));
  const [status, times] = [objectIn(view['status']), objectIn(view['times'])];
  const hash = definitionHash(definition);
  const contracts = objectIn(view['contracts']);
  const election = encodeHex(decodeHex(textIn(contracts['election']), 20));
  return {
    ...{ definition, definitionHash: hash },
    context: { chainId: countIn(contracts['chainId']), election, definitionHash: hash },
    phase: oneOf(view['phase'], PHASES),
    ...{ block: countIn(status['block']), time: countIn(status['time']) },
    ...{ opensAt: countIn(times['opensAt']), closesAt: countIn(times['closesAt']) },
    graceEndsAt: countIn(times['graceEndsAt']),
    services: Object.fromEntries(Object.entries(objectIn(view['services'])).map(([id, url]) => [id, textIn(url)])),
  };
}
