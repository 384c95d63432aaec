import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import ts from 'typescript';

/** One import of a source file: `target` is a path from the root for relative imports, else the specifier. */
export interface Import {
  readonly file: string;
  readonly target: string;
  readonly isPackage: boolean;
}

const skipped = new Set(['node_modules', 'dist', 'build', '.cache', '.git', 'artifacts', 'generated']);

/** All TypeScript sources below `root/folder`, as paths from `root`. */
export function sourceFiles(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : sourceFiles(root, path);
    return /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts') ? [path] : [];
  });
}

/** Every static and dynamic import of `file`. */
export function importsOf(root: string, file: string): Import[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(root, file), 'utf8'), true, true);
  return importedFiles.map(({ fileName }) => {
    const isPackage = !fileName.startsWith('.');
    const target = isPackage ? fileName : normalize(relative('.', join(dirname(file), fileName)));
    return { file, target, isPackage };
  });
}
