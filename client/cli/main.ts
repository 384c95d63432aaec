import { program } from './program.ts';
import { report } from './frame/run.ts';

const json = process.argv.includes('--json');
try {
  await program(json).parseAsync(process.argv);
} catch (error) {
  report(error, json);
}
await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
// Workers of the proof library and open connections would keep a finished command alive.
process.exit();
