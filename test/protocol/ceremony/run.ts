import { applyMessage } from '../../../protocol/ceremony/apply.ts';
import type { CeremonyMessage } from '../../../protocol/ceremony/messages.ts';
import { commitHash, encodeReveal, revealHash } from '../../../protocol/ceremony/reveal.ts';
import type { CeremonySetup } from '../../../protocol/ceremony/setup.ts';
import type { CeremonyState } from '../../../protocol/ceremony/state.ts';
import { startCeremony, transcriptHash } from '../../../protocol/ceremony/state.ts';
import type { AttemptSecret } from '../../../protocol/ceremony/trustee.ts';
import { beginAttempt, dealShares } from '../../../protocol/ceremony/trustee.ts';
import { streamOf } from '../stream.ts';

/** 2 of 3, two lanes. */
export const SETUP: CeremonySetup = {
  chainId: 31337n,
  election: '0x00000000000000000000000000000000000000e1',
  trustees: 3,
  threshold: 2,
  lanes: 2,
  stageSeconds: 100,
};
export const START = 1000;

/** A message without what `send` fills in. */
type Body = CeremonyMessage extends infer M ? (M extends CeremonyMessage ? Omit<M, 'attempt' | 'time'> : never) : never;

/** A ceremony in motion: its state, every trustee's secrets of the attempt, and the clock. */
export class Run {
  state: CeremonyState;
  time = START;
  readonly secrets = new Map<number, AttemptSecret>();
  readonly reveals = new Map<number, bigint[]>();
  readonly messages: CeremonyMessage[] = [];

  constructor(setup: CeremonySetup = SETUP) {
    this.state = startCeremony(setup, START);
  }

  send(body: Body, attempt = this.state.attempt): void {
    const message = { ...body, attempt, time: this.time } as CeremonyMessage;
    this.state = applyMessage(this.state, message);
    this.messages.push(message);
  }

  /** The seed decides all secrets of the attempt. */
  async begin(seed = 'run'): Promise<void> {
    const { setup, attempt } = this.state;
    for (const trustee of this.state.active) {
      const begun = await beginAttempt(setup, attempt, trustee, streamOf(`${seed}/${attempt}/${trustee}`));
      this.secrets.set(trustee, begun.secret);
      this.reveals.set(trustee, encodeReveal(begun.reveal));
    }
  }

  commitOf(trustee: number, words = this.reveals.get(trustee)!): bigint {
    return commitHash(this.state.setup, this.state.attempt, trustee, revealHash(words));
  }

  commitAll(): void {
    for (const trustee of this.state.active) this.send({ kind: 'commit', trustee, hash: this.commitOf(trustee) });
  }

  revealAll(): void {
    for (const trustee of this.state.active) this.send({ kind: 'reveal', trustee, words: this.reveals.get(trustee)! });
  }

  async dealOf(trustee: number): Promise<Uint8Array> {
    return dealShares(this.state, this.secrets.get(trustee)!, streamOf(`deal/${this.state.attempt}/${trustee}`));
  }

  /** @param alter - what a dishonest dealer does to its deal */
  async dealAll(alter: (trustee: number, deal: Uint8Array) => Uint8Array = (_, deal) => deal): Promise<void> {
    const deals = new Map<number, Uint8Array>();
    for (const trustee of this.state.active) deals.set(trustee, alter(trustee, await this.dealOf(trustee)));
    for (const [trustee, bytes] of deals) this.send({ kind: 'deal', trustee, bytes });
  }

  confirm(trustee: number): void {
    this.send({ kind: 'confirm', trustee, transcript: transcriptHash(this.state) });
  }

  confirmAll(): void {
    for (const trustee of this.state.active) this.confirm(trustee);
  }

  /** Another run that goes on from here: states are immutable. */
  fork(): Run {
    const run = new Run(this.state.setup);
    run.state = this.state;
    run.time = this.time;
    for (const [trustee, secret] of this.secrets) run.secrets.set(trustee, secret);
    for (const [trustee, words] of this.reveals) run.reveals.set(trustee, words);
    run.messages.push(...this.messages);
    return run;
  }

  /** To the start of the confirm stage. */
  async toConfirm(alter?: (trustee: number, deal: Uint8Array) => Uint8Array): Promise<this> {
    await this.begin();
    this.commitAll();
    this.revealAll();
    await this.dealAll(alter);
    return this;
  }
}

/** Spoils the sealed share at `position`: bytes 80·position + 40. */
export const spoil =
  (dealer: number, position: number) =>
  (trustee: number, deal: Uint8Array): Uint8Array =>
    trustee === dealer ? deal.map((byte, i) => (i === 80 * position + 40 ? byte ^ 1 : byte)) : deal;

let honest: Promise<Run> | undefined;

/** A fork of one honest run at the start of its confirm stage. */
export async function honestRun(): Promise<Run> {
  honest ??= new Run().toConfirm();
  return (await honest).fork();
}
