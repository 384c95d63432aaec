import type { Task } from '../observe/messages.ts';
import { handle } from '../observe/verify-role.ts';

/** The worker of the observer that is one file: all in one piece. */
addEventListener('message', ({ data }: MessageEvent<Task>) => handle(data));
