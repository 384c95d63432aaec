import {
  finishCeremony,
  postAccuse,
  postAnswer,
  postCommit,
  postConfirm,
  postDeal,
  postReveal,
  timeoutCeremony,
} from '../../../contracts/client/ceremony.ts';
import type { ElectionAt } from '../../../contracts/client/election.ts';
import type { Confirmed, Sender } from '../../../contracts/client/transact.ts';
import { compiled } from '../../../contracts/compile.ts';
import type { EmbeddedChain } from '../../../contracts/network/embedded.ts';
import { answerShare } from '../../../protocol/ceremony/trustee.ts';
import { toConfig } from '../../../protocol/config/to-config.ts';
import type { Hex } from '../../../protocol/encoding.ts';
import type { DeployedElection } from '../deploy/development.ts';
import { PAYER } from '../deploy/development.ts';
import { CeremonyRun } from '../fixture/ceremony.ts';
import type { Call } from '../fixture/ceremony.ts';
import type { TestConfig } from '../fixture/config.ts';
import type { World } from '../fixture/world.ts';

/** The election as the contracts' fixtures know it. */
export function worldOf(chain: EmbeddedChain, { at, definition }: DeployedElection): World {
  const deployed = (address: Hex, name: string) => ({ address, abi: compiled(name).abi });
  return {
    chain,
    config: toConfig(definition) as unknown as TestConfig,
    election: deployed(at.election, 'Election'),
    roll: deployed(at.roll, 'Roll'),
    ceremony: deployed(at.ceremony, 'KeyCeremony'),
    ballots: deployed(at.ballots, 'Ballots'),
    tally: deployed(at.tally, 'Tally'),
  };
}

/** Posts a call of the fixture through the client's function for it. */
function postByClient(at: ElectionAt, sender: Sender, [name, args]: Call): Promise<Confirmed> {
  const trustee = Number(args[0]);
  const signature = args.at(-1) as Hex;
  const number = (index: number) => Number(args[index]);
  switch (name) {
    case 'commit':
      return postCommit(at, sender, trustee, args[1] as Hex, signature);
    case 'reveal': {
      const [, points, k, z, transportKey] = args as [bigint, bigint[], [bigint, bigint], bigint, Hex];
      return postReveal(at, sender, trustee, { points, k, z, transportKey }, signature);
    }
    case 'deal':
      return postDeal(at, sender, trustee, args[1] as Hex, signature);
    case 'confirm':
      return postConfirm(at, sender, trustee, signature);
    case 'accuse':
      return postAccuse(at, sender, trustee, { dealer: number(1), lane: number(2) }, signature);
    case 'answer': {
      const [, , , share, revealWords] = args as [bigint, bigint, bigint, bigint, bigint[]];
      return postAnswer(at, sender, trustee, { accuser: number(1), lane: number(2), share, revealWords }, signature);
    }
    default:
      throw new Error(`no step ${name}`);
  }
}

/** A ceremony whose every transaction goes out through the client first, is taken back, and goes out again by the fixture. */
export class ClientRun extends CeremonyRun {
  readonly made: DeployedElection;

  constructor(chain: EmbeddedChain, made: DeployedElection) {
    super(worldOf(chain, made));
    this.made = made;
  }

  private async tried(send: (at: ElectionAt, sender: Sender) => Promise<Confirmed>): Promise<void> {
    const { testClient } = this.world.chain;
    const id = await testClient.snapshot();
    const { receipt } = await send(this.made.at, this.made.sender(PAYER));
    if (receipt.logs.length === 0) throw new Error('a ceremony transaction emits an event');
    await testClient.revert({ id });
  }

  override async post(body: Parameters<CeremonyRun['post']>[0]): Promise<bigint> {
    await this.tried((at, sender) => postByClient(at, sender, this.call(body)));
    return super.post(body);
  }

  override async timeout(): Promise<void> {
    await this.tried(timeoutCeremony);
    await super.timeout();
  }

  override async finish(): Promise<bigint> {
    await this.tried((at, sender) => finishCeremony(at, sender, this.finishWords()));
    return super.finish();
  }

  /** Trustee 3 stays away and is excluded; in the second attempt trustee 1 accuses trustee 2, who opens the share. */
  async completeWithTrouble(): Promise<void> {
    await this.begin();
    for (const trustee of [1, 2]) await this.post(this.commitBody(trustee));
    await this.world.chain.advance(1700);
    await this.timeout();
    await this.begin();
    await this.commitAll();
    await this.revealAll();
    await this.dealAll();
    await this.post({ kind: 'accuse', trustee: 1, dealer: 2, lane: 0 });
    const share = answerShare(this.secrets.get(2)!, 1, 0);
    await this.post({ kind: 'answer', trustee: 2, accuser: 1, lane: 0, share });
    await this.confirmAll();
    await this.finish();
  }
}
