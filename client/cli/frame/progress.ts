import cliProgress from 'cli-progress';

/** Progress of long work, shown on stderr. */
export interface Progress {
  /** Begins a stage of `total` items. */
  start(title: string, total: number): void;
  /** Says how many items are done. */
  update(done: number): void;
  /** Ends the stage. */
  stop(): void;
  /** One line of its own. */
  note(line: string): void;
}

interface Bar {
  start(total: number, value: number, payload: object): void;
  update(value: number): void;
  stop(): void;
}

const options = { format: '  {title} {bar} {value}/{total}', stream: process.stderr, clearOnComplete: false };

/** A bar on a terminal; elsewhere a line a stage, so that logs stay short. */
export function createProgress(quiet: boolean): Progress {
  const note = (line: string): void => void (quiet || process.stderr.write(`${line}\n`));
  if (quiet || !process.stderr.isTTY)
    return { start: (title, total) => note(`  ${title} (${total})`), update, stop: update, note };
  let bar: Bar | undefined;
  return {
    start(title, total) {
      bar = new cliProgress.SingleBar(options, cliProgress.Presets.shades_classic) as Bar;
      bar.start(total, 0, { title });
    },
    update: (done) => bar?.update(done),
    stop: () => bar?.stop(),
    note,
  };
}

function update(): void {
  // nothing is drawn where there is no terminal
}
