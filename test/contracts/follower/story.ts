import { encodeBatch } from '../../../contracts/ballots/batch.ts';
import { dryRunUpdates, postUpdates, preparePoll } from '../../../contracts/client/ballots.ts';
import { readPublicKeys, readVerificationKeys } from '../../../contracts/client/ceremony.ts';
import { anchor, approve, certify, extend, readStatus } from '../../../contracts/client/election.ts';
import type { SignedAct } from '../../../contracts/client/election.ts';
import {
  appendMembers,
  beginVersion,
  completeVersion,
  readNewestVersion,
  readSealedRoll,
  sealCredentials,
  sealRoll,
} from '../../../contracts/client/roll.ts';
import {
  aggregateUnits,
  postDecryption,
  readResultHash,
  readUnitSums,
  submitCounts,
} from '../../../contracts/client/tally.ts';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import {
  anchorObject,
  approveObject,
  cancelObject,
  certifyObject,
  credentialsObject,
  extendObject,
  sealObject,
} from '../../../protocol/acts/objects.ts';
import type { ActName } from '../../../protocol/acts/typed-data.ts';
import type { Ciphertext } from '../../../protocol/ballot/ciphertext.ts';
import { emptyCiphertext, encodeLanes, encryptOver } from '../../../protocol/ballot/ciphertext.ts';
import { contextBase, nextHead, pollScope, updateContext } from '../../../protocol/ballot/slot.ts';
import type { PollConstants, Update } from '../../../protocol/ballot/statement.ts';
import { pollConstants, publicSignals } from '../../../protocol/ballot/statement.ts';
import { toConfig } from '../../../protocol/config/to-config.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import { wordHex } from '../../../protocol/encoding.ts';
import { O } from '../../../protocol/math/curve.ts';
import type { Field, Scalar } from '../../../protocol/math/field.ts';
import { decryptionObject, encodeDecryption, makeDecryption } from '../../../protocol/tally/decryption.ts';
import { streamOf } from '../../protocol/stream.ts';
import type { DeployedElection } from '../deploy/development.ts';
import { BOXES, PAYER, REGISTRAR, TRAPDOOR } from '../deploy/development.ts';
import { officersAct } from '../fixture/acts.ts';
import { signStep } from '../fixture/ceremony.ts';
import { ClientRun, worldOf } from './story-ceremony.ts';
import type { Offices } from './voters.ts';
import { makeOffices } from './voters.ts';

export const REASON: Hex = wordHex(99n);
/** What the votes add up to: option 0 one, option 1 two. */
export const COUNTS = [1, 2] as const;

/** Members in one transaction. */
const ROLL_BATCH = 512;

/** A slot and what it holds. */
interface Slot {
  readonly poll: number;
  readonly nullifier: Field;
  readonly state: { readonly previousHead: bigint; readonly head: bigint; readonly ciphertext: Ciphertext } | undefined;
}

/** A whole election on a chain, told step by step through the typed client; proofs are simulated. */
export class Story {
  readonly chain: EmbeddedChain;
  readonly made: DeployedElection;
  readonly run: ClientRun;
  readonly offices: Offices;
  private constants: readonly PollConstants[] = [];

  constructor(chain: EmbeddedChain, made: DeployedElection, offices = makeOffices(made)) {
    this.chain = chain;
    this.made = made;
    this.run = new ClientRun(chain, made);
    this.offices = offices;
  }

  private get payer() {
    return this.made.sender(PAYER);
  }

  private get times() {
    return this.made.definition.times;
  }

  async act(name: ActName, object: bigint): Promise<SignedAct> {
    const [expiry, signatures] = await officersAct(worldOf(this.chain, this.made), name, object);
    return { expiry, signatures };
  }

  async approveAndSeal(): Promise<void> {
    const { at } = this.made;
    const { definitionHash, configHash } = await readStatus(at);
    const object = approveObject(BigInt(definitionHash), BigInt(configHash), at);
    await approve(at, this.payer, await this.act('approve', object));
    const { sealed } = this.offices;
    const lists = sealed.map(({ root, count, reserveRoot, reserveCount }) => ({
      ...{ root: wordHex(root), count: Number(count) },
      ...{ reserveRoot: wordHex(reserveRoot), reserveCount: Number(reserveCount) },
    }));
    await sealCredentials(at, this.payer, lists, await this.act('credentials', credentialsObject(sealed)));
  }

  async makeKeys(): Promise<void> {
    await this.chain.advanceTo(this.times.registrationOpens);
    await this.run.completeWithTrouble();
  }

  async makeRoll(): Promise<void> {
    const { at } = this.made;
    const registrar = this.made.sender(REGISTRAR);
    if ((await this.chain.now()) < this.times.registrationCloses)
      await this.chain.advanceTo(this.times.registrationCloses);
    const registrationsRoot = wordHex(this.offices.registrationsRoot);
    await beginVersion(at, registrar, { registrationsRoot, reasonsHash: wordHex(0n) });
    for (const [district, members] of this.offices.members.entries()) {
      for (let i = 0; i < members.length; i += ROLL_BATCH) {
        const commitments = members.slice(i, i + ROLL_BATCH);
        await appendMembers(at, registrar, { version: 1, district, commitments });
      }
    }
    await completeVersion(at, registrar, 1);
    const newest = await readNewestVersion(at);
    await this.chain.advance(this.times.challengeSeconds);
    const object = sealObject(1n, this.offices.registrationsRoot, BigInt(newest?.rootsHash ?? 0));
    await sealRoll(at, this.payer, 1, await this.act('seal', object));
  }

  /** The vote is extended by 1,000 seconds; both polls are prepared. */
  async extendAndPrepare(): Promise<void> {
    const { at } = this.made;
    const closesAt = BigInt(this.times.closesAt + 1000);
    const signed = await this.act('extend', extendObject(closesAt, BigInt(REASON)));
    await extend(at, this.payer, { closesAt, reasonHash: REASON }, signed);
    const words = await readPublicKeys(at, 1);
    const [rule] = toConfig(this.made.definition).contests.map((contest) => contest.rule);
    const constants: PollConstants[] = [];
    for (const poll of [0, 1]) {
      await preparePoll(at, this.payer, poll);
      const { root, members } = await readSealedRoll(at, poll);
      const scope = pollScope({ ...this.run.setup, poll });
      constants.push(pollConstants(scope, { root: root as Field, members }, rule!, [{ x: words[0]!, y: words[1]! }]));
    }
    this.constants = constants;
  }

  /** An update of a slot with a simulated proof; undefined `values` for a mask. */
  private update(slot: Slot, rho: bigint, values?: readonly bigint[]) {
    const { poll, nullifier, state } = slot;
    const constants = this.constants[poll]!;
    const base = values === undefined ? state!.ciphertext : { R: O, C: encodeLanes(values) };
    const update: Update = {
      nullifier,
      context: updateContext(contextBase({ ...this.run.setup, poll }), nullifier, state?.head ?? 0n),
      fresh: state === undefined,
      old: state?.ciphertext ?? emptyCiphertext(1),
      next: encryptOver(base, constants.keys, rho as Scalar),
    };
    const proof = TRAPDOOR.simulate(publicSignals(constants, update));
    const head = state?.head ?? 0n;
    const after = { previousHead: head, head: nextHead(head, update.next), ciphertext: update.next };
    return { posted: { update, previousHead: state?.previousHead ?? 0n, proof }, after: { ...slot, state: after } };
  }

  /** Three first casts; later a changed vote, a mask and a first cast that comes too late for its slot. */
  async vote(): Promise<void> {
    const { at, sender } = this.made;
    const slot = (poll: number, nullifier: bigint): Slot => ({ poll, nullifier: nullifier as Field, state: undefined });
    await this.chain.advanceTo(this.times.opensAt);
    const north = [this.update(slot(0, 101n), 1001n, [1n, 0n]), this.update(slot(0, 102n), 1002n, [1n, 0n])] as const;
    const south = this.update(slot(1, 201n), 1003n, [0n, 1n]);
    const first = { poll: 0, ...encodeBatch(north.map(({ posted }) => posted)) };
    await dryRunUpdates(at, this.payer, first);
    await postUpdates(at, this.payer, first);
    await postUpdates(at, this.payer, { poll: 1, ...encodeBatch([south.posted]) });
    // The last quarter of the second round: any box may post.
    await this.chain.advanceTo(this.times.opensAt + 9000);
    const again = [
      this.update(north[0].after, 1004n, [0n, 1n]).posted,
      this.update(north[1].after, 1005n).posted,
      this.update(slot(0, 101n), 1006n, [1n, 0n]).posted,
    ];
    await postUpdates(at, sender(BOXES[0]), { poll: 0, ...encodeBatch(again) });
  }

  /** Provisional results. */
  async tally(): Promise<void> {
    const { at } = this.made;
    const { settledAt } = await readStatus(at);
    await this.chain.advanceTo(Number(settledAt));
    await aggregateUnits(at, this.payer, 0, 2);
    const sums = await readUnitSums(at, 0);
    const R = { x: sums[0]!, y: sums[1]! };
    for (const trustee of [2, 1]) {
      const { shares } = await this.run.share(trustee);
      const [x, y] = await readVerificationKeys(at, trustee, 1);
      const place = { ...this.run.setup, unit: 0, trustee };
      const made = makeDecryption(place, R, shares, [{ x: x!, y: y! }], streamOf(`decrypt ${trustee}`));
      const words = encodeDecryption(made);
      const step = signStep(this.run.world, 'decrypt', this.run.state.attempt, trustee, decryptionObject(0, words));
      const proof = words.slice(-5) as unknown as [bigint, bigint, bigint, bigint, bigint];
      await postDecryption(at, this.payer, { unit: 0, trustee, points: words.slice(0, -5), proof }, step);
    }
    await submitCounts(at, this.payer, 0, COUNTS);
  }

  async count(): Promise<void> {
    await this.tally();
    await this.certify();
  }

  async certify(): Promise<void> {
    const { at } = this.made;
    await certify(at, this.payer, await this.act('certify', certifyObject(BigInt(await readResultHash(at)))));
  }

  /** The officers say which hash the record has. */
  async anchor(entries: number, hash: Hex): Promise<void> {
    const object = { entries: BigInt(entries), hash };
    await anchor(
      this.made.at,
      this.payer,
      object,
      await this.act('anchor', anchorObject(object.entries, BigInt(hash))),
    );
  }

  cancelAct(): Promise<SignedAct> {
    return this.act('cancel', cancelObject(BigInt(REASON)));
  }
}
