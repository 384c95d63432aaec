import { median } from '../row.ts';

/** Something to be timed against others. */
export interface Subject {
  readonly name: string;
  /** Not timed. */
  readonly prepare?: (sample: number) => Promise<void>;
  readonly run: (sample: number) => Promise<unknown>;
}

/** Medians of a subject, in milliseconds. `cpu` counts all threads of the process. */
export interface Timing {
  readonly wall: number;
  readonly cpu: number;
}

/** Times subjects in turns, so that they share the machine's moods; a first round only warms up. */
export async function takeTurns(subjects: readonly Subject[], samples: number): Promise<ReadonlyMap<string, Timing>> {
  const times = new Map(subjects.map(({ name }) => [name, { wall: [] as number[], cpu: [] as number[] }]));
  for (let sample = 0; sample <= samples; sample++) {
    for (const { name, prepare, run } of subjects) {
      await prepare?.(sample);
      const [start, cpu] = [performance.now(), process.cpuUsage()];
      await run(sample);
      const { user, system } = process.cpuUsage(cpu);
      if (sample === 0) continue;
      times.get(name)?.wall.push(performance.now() - start);
      times.get(name)?.cpu.push((user + system) / 1000);
    }
  }
  return new Map([...times].map(([name, { wall, cpu }]) => [name, { wall: median(wall), cpu: median(cpu) }]));
}
