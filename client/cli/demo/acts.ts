import { each } from './stage.ts';
import { hand, urna } from './party.ts';
import type { World } from './world.ts';

/** How long a signature stays good: to the end of the demo's timetable. */
function expiry({ times }: World): string {
  return String(times.closesAt + 30 * 86_400);
}

let exported = 0;

/** The commission's export of the record, handed to those who work offline. @returns the record's folder */
export async function exportFor(
  world: World,
  parties: readonly { readonly name: string; readonly folder: string }[],
): Promise<string> {
  exported += 1;
  const name = `record-${exported}`;
  await urna(world.commission, 'record', 'export', '--out', name);
  for (const party of parties) hand(world.commission, party, [name]);
  return name;
}

/** Two officers sign an act offline, each from the own material; the commission submits it. */
export async function act(world: World, name: string, ...options: readonly string[]): Promise<void> {
  const signers = world.officers.slice(0, 2);
  const record = await exportFor(world, signers);
  const common = ['--key', 'key.age', '--record', record, '--expires', expiry(world)];
  const files = await each(`officers sign "${name}"`, signers, async (officer) => {
    const file = `act-${name}-${officer.name}.json`;
    await urna(officer, 'officer', 'sign', name, ...common, '--out', file, ...options);
    hand(officer, world.commission, [file]);
    return file;
  });
  await urna(world.commission, 'officer', 'submit', ...files);
}

/** The trustees take a step of the ceremony, each offline; the commission posts their files. */
export async function step(world: World, name: string): Promise<void> {
  const record = await exportFor(world, world.trustees);
  const files = await each(`trustees ${name}`, world.trustees, async (trustee) => {
    const file = `${name}-${trustee.name}.json`;
    await urna(trustee, 'trustee', name, '--key', 'key.age', '--secrets', 'secrets', '--record', record, '--out', file);
    hand(trustee, world.commission, [file]);
    return file;
  });
  await urna(world.commission, 'trustee', 'post', ...files);
}
