import type { PageName } from './frame.tsx';

/** Pages whose work is done in workers, over compressed files and with WebAssembly. The others are read in any browser that runs their script. */
const AT_WORK: readonly PageName[] = ['vote', 'checker', 'observe'];

/** Whether a browser that has begun with a page could not finish its work: it is told so before anything is typed or made. */
export function isTooOld(page: PageName): boolean {
  if (!AT_WORK.includes(page)) return false;
  const isThere = (name: string): boolean => Reflect.get(globalThis, name) !== undefined;
  return !(['WebAssembly', 'DecompressionStream', 'BigInt64Array'].every(isThere) && hasModuleWorkers());
}

/** Browsers that know no module workers do not look at the option. */
function hasModuleWorkers(): boolean {
  let isRead = false;
  const options = {
    get type(): WorkerType {
      isRead = true;
      return 'module';
    },
  };
  const empty = URL.createObjectURL(new Blob([], { type: 'text/javascript' }));
  try {
    new Worker(empty, options).terminate();
  } catch {
    return false;
  } finally {
    URL.revokeObjectURL(empty);
  }
  return isRead;
}
