import type { ElectionAt, ElectionStatus } from '../../contracts/client/election.ts';
import { readStatus } from '../../contracts/client/election.ts';
import { UrnaError, require } from '../../protocol/errors.ts';
import { rest } from '../frame/rest.ts';

/** Milliseconds between two looks at the chain's newest block. */
const PAUSE = 1_000;

/** The election's phase and times as the chain tells them at its newest block, looked at once a second for all who ask. */
export class StatusWatch {
  #status: ElectionStatus | undefined;
  #answers = false;

  /** Whether the node answered when it was last asked. */
  get answers(): boolean {
    return this.#answers;
  }

  /** The last status that was read. @throws `busy/starting` before there is any */
  get status(): ElectionStatus {
    require(this.#status !==
      undefined, 'busy/starting', 'the service has not read the chain yet: try again in a few seconds');
    return this.#status;
  }

  /**
   * Watches until `signal` is aborted; never rejects.
   *
   * @param changed - told of every new phase
   * @param note - told a code when the node stops answering
   */
  async watch(
    at: ElectionAt,
    signal: AbortSignal,
    changed: (phase: string, block: number) => Promise<void>,
    note: (code: string) => void,
  ): Promise<void> {
    let told: string | undefined;
    while (!signal.aborted) {
      try {
        this.#status = await readStatus(at);
        this.#answers = true;
        const { phase, block } = this.#status;
        if (phase !== told) await changed(phase, Number(block));
        told = phase;
      } catch (error) {
        if (this.#answers) note(error instanceof UrnaError ? error.code : 'internal/status');
        this.#answers = false;
      }
      await rest(PAUSE, signal);
    }
  }
}
