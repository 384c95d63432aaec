import type { CheckTask } from '../check/check-task.ts';
import type { BallotMessage } from '../voter/ballot/ballot-tasks.ts';
import type { RollTask } from '../voter/roll/roll-task.ts';
import type { SecretMessage } from '../voter/secret-tasks.ts';
import type { SlotsTask } from '../voter/slots/slots-task.ts';
import type { Task } from '../observe/messages.ts';

/** What a page may ask of a worker: `role` says which program does it. */
export type WorkerMessage = Task | SecretMessage | BallotMessage | CheckTask | SlotsTask | RollTask;

interface Program {
  readonly handle: (message: never) => void;
}

const verify = (): Promise<Program> => import('../observe/verify-role.ts');
const PROGRAMS: Readonly<Record<WorkerMessage['role'], () => Promise<Program>>> = {
  verify,
  help: verify,
  secret: () => import('../voter/secret-role.ts'),
  ballot: () => import('../voter/ballot/ballot-role.ts'),
  check: () => import('../check/check-role.ts'),
  slots: () => import('../voter/slots/slots-role.ts'),
  roll: () => import('../voter/roll/roll-role.ts'),
};

/** The one worker of all pages: its programs share what they have in common, and each is loaded when it is asked for the first time. */
let last: Promise<void> = Promise.resolve();
addEventListener('message', ({ data }: MessageEvent<WorkerMessage>) => {
  last = last.then(async () => (await PROGRAMS[data.role]()).handle(data as never)).catch(reportError);
});
