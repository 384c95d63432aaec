import { createPublicClient, http } from 'viem';
import type { Hex } from '../../../protocol/encoding.ts';
import type { ValidatorStatus } from './status.ts';

/** Turns of each validator that are looked at: none is out of luck so often. */
const TURNS = 8;

/** Who has sealed the last blocks of a chain. */
export interface Sealing {
  /** How many blocks were looked at. */
  readonly blocks: number;
  /** How many of them each validator has sealed, by its number. */
  readonly sealed: Readonly<Record<number, number>>;
}

/** Who has sealed the last blocks of the longest chain that a validator knows of; undefined where none answers, or the chain is shorter than that. */
export async function sealingOf(validators: readonly ValidatorStatus[]): Promise<Sealing | undefined> {
  const [best] = validators.filter(({ answers }) => answers).sort((a, b) => (b.head ?? 0) - (a.head ?? 0));
  const blocks = TURNS * validators.length;
  if (best?.head === undefined || best.head < blocks) return undefined;
  const { rpc, head } = best;
  const client = createPublicClient({ transport: http(rpc, { retryCount: 0, timeout: 5_000 }) });
  const signers = Array.from({ length: blocks }, (_, i) =>
    client.request({ method: 'clique_getSigner', params: [`0x${(head - i).toString(16)}`] } as never),
  );
  try {
    const all: readonly Hex[] = await Promise.all(signers);
    const of = ({ number, address }: ValidatorStatus) =>
      [number, all.filter((signer) => signer.toLowerCase() === address).length] as const;
    return { blocks, sealed: Object.fromEntries(validators.map(of)) };
  } catch {
    return undefined;
  }
}

/** Validators that answer and count as signers, and have sealed none of the last blocks: the chain is nearer to standing still than their number says. */
export function silentOnes(validators: readonly ValidatorStatus[], sealing: Sealing | undefined): number[] {
  const silent = validators.filter(({ number, signs }) => signs === true && sealing?.sealed[number] === 0);
  return silent.map(({ number }) => number);
}
