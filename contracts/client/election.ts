import type { Hex } from '../../protocol/encoding.ts';
import { decodeHex } from '../../protocol/encoding.ts';
import { at as item, require } from '../../protocol/errors.ts';
import { electionAbi } from './abi/election.ts';
import type { Connection } from './connection.ts';
import { asking } from './connection.ts';
import type { Phase } from './phases.ts';
import { PHASES } from './phases.ts';
import type { Confirmed, Sender } from './transact.ts';
import { callOf, transact } from './transact.ts';

/** An election on a chain: where its contracts are and the node that is asked. */
export interface ElectionAt {
  readonly connection: Connection;
  readonly election: Hex;
  readonly roll: Hex;
  readonly ceremony: Hex;
  readonly ballots: Hex;
  readonly tally: Hex;
  /** How many trustees the definition names. */
  readonly trustees: number;
}

/** An officers' act with its signatures, ordered by signer (SPEC §12.1). */
export interface SignedAct {
  /** Unix seconds. */
  readonly expiry: bigint;
  readonly signatures: readonly Hex[];
}

/** Where an election stands, all at one block; times in Unix seconds. */
export interface ElectionStatus {
  readonly block: bigint;
  readonly blockTime: bigint;
  readonly phase: Phase;
  /** Acts executed so far: the number the next one is signed with. */
  readonly actCount: bigint;
  readonly definitionHash: Hex;
  readonly configHash: Hex;
  readonly closesAt: bigint;
  readonly graceEndsAt: bigint;
  readonly settledAt: bigint;
}

/** Lower-case form of an address as viem returns it. */
export function lowerHex(text: string): Hex {
  return text.toLowerCase() as Hex;
}

/**
 * The election at an address, with its parts.
 *
 * @throws `chain/not-an-election` if there is none at the address, `encoding/hex`, `chain/unreachable`
 */
export async function locateElection(connection: Connection, election: Hex): Promise<ElectionAt> {
  decodeHex(election, 20);
  const code = await asking(connection.rpc.getCode({ address: election }));
  require(code !== undefined && code !== '0x', 'chain/not-an-election', 'there is no contract at this address');
  const contract = { address: election, abi: electionAbi } as const;
  const parts = await Promise.all(
    (['roll', 'ceremony', 'ballots', 'tally'] as const).map((functionName) =>
      asking(connection.rpc.readContract({ ...contract, functionName })).then(lowerHex),
    ),
  );
  const trustees = await asking(connection.rpc.readContract({ ...contract, functionName: 'trusteeCount' }));
  return {
    ...{ connection, election, roll: item(parts, 0), ceremony: item(parts, 1) },
    ...{ ballots: item(parts, 2), tally: item(parts, 3), trustees: Number(trustees) },
  };
}

/** The election's status at the newest block. @throws `chain/…` */
export async function readStatus({ connection, election }: ElectionAt): Promise<ElectionStatus> {
  const { number, timestamp } = await asking(connection.rpc.getBlock());
  const contract = { address: election, abi: electionAbi, blockNumber: number } as const;
  const word = (functionName: 'actCount' | 'closesAt' | 'graceEndsAt' | 'settledAt') =>
    asking(connection.rpc.readContract({ ...contract, functionName }));
  const hash = (functionName: 'definitionHash' | 'configHash') =>
    asking(connection.rpc.readContract({ ...contract, functionName }));
  const [phase, actCount, closesAt, graceEndsAt, settledAt, definitionHash, configHash] = await Promise.all([
    asking(connection.rpc.readContract({ ...contract, functionName: 'phase' })),
    ...([word('actCount'), word('closesAt'), word('graceEndsAt'), word('settledAt')] as const),
    ...([hash('definitionHash'), hash('configHash')] as const),
  ]);
  return {
    ...{ block: number, blockTime: timestamp, phase: item(PHASES, phase), actCount },
    ...{ definitionHash, configHash, closesAt, graceEndsAt, settledAt },
  };
}

/** The round at the newest block's time (SPEC §9), times in Unix seconds. @throws `chain/outside-rounds`, `chain/not-in-force` */
export async function readRound(at: ElectionAt): Promise<{ round: bigint; startsAt: bigint; endsAt: bigint }> {
  const contract = { address: at.election, abi: electionAbi } as const;
  const [round, startsAt, endsAt] = await asking(
    at.connection.rpc.readContract({ ...contract, functionName: 'currentRound' }),
  );
  return { round, startsAt, endsAt };
}

function act(at: ElectionAt, sender: Sender, name: string, args: readonly unknown[], signed: SignedAct) {
  return transact(sender, callOf(at.election, electionAbi, name, [...args, signed.expiry, signed.signatures]));
}

/** The quorum approves chain and definition: registration can open (SPEC §12.1). @throws `chain/…` */
export function approve(at: ElectionAt, sender: Sender, signed: SignedAct): Promise<Confirmed> {
  return act(at, sender, 'approve', [], signed);
}

/** Moves the closing time (SPEC §9, §12.1). @param closesAt - Unix seconds. @throws `chain/…` */
export function extend(
  at: ElectionAt,
  sender: Sender,
  object: { readonly closesAt: bigint; readonly reasonHash: Hex },
  signed: SignedAct,
): Promise<Confirmed> {
  return act(at, sender, 'extend', [object.closesAt, object.reasonHash], signed);
}

/** Ends the election without a result. @throws `chain/…` */
export function cancel(at: ElectionAt, sender: Sender, reasonHash: Hex, signed: SignedAct): Promise<Confirmed> {
  return act(at, sender, 'cancel', [reasonHash], signed);
}

/** Declares the stored result the result. @throws `chain/…` */
export function certify(at: ElectionAt, sender: Sender, signed: SignedAct): Promise<Confirmed> {
  return act(at, sender, 'certify', [], signed);
}

/** Says which hash the record has after so many entries (SPEC §14.4). @throws `chain/…` */
export function anchor(
  at: ElectionAt,
  sender: Sender,
  object: { readonly entries: bigint; readonly hash: Hex },
  signed: SignedAct,
): Promise<Confirmed> {
  return act(at, sender, 'anchor', [object.entries, object.hash], signed);
}
