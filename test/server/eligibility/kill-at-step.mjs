// Loaded before a program (`node --import`): kills it, as a power cut does, right after the nth change that it makes to files below a folder.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { KILL_AFTER: after, KILL_FOLDER: folder } = process.env;
let steps = 0;

function counted(name, isChange = () => true) {
  const original = fs.promises[name];
  fs.promises[name] = async (...args) => {
    const done = await original(...args);
    const below = args.some((each) => typeof each === 'string' && each.startsWith(folder));
    if (below && isChange(...args) && ++steps === Number(after)) {
      fs.writeSync(1, `killed after ${name}\n`);
      process.kill(process.pid, 'SIGKILL');
    }
    return done;
  };
}

for (const name of ['mkdir', 'rename', 'link', 'unlink', 'rm']) counted(name);
counted('open', (_path, flags = 'r') => typeof flags === 'string' && flags !== 'r');
syncBuiltinESMExports();
