// Holds the direction of imports between folders. The linter (`import/no-cycle`) holds it between files.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

import { expect, test } from 'vitest';

const SOURCE = resolve(import.meta.dirname, '..');
/** `from '…'`, `import '…'`, `import('…')`, `new URL('…', …)`; types count, too. */
const IMPORT = /(?:\bfrom|\bimport|\bimport\(|\bnew URL\()\s*'(\.[^']+)'/g;

/** By folder: the folders that its files import from. */
function folderImports(): Map<string, Set<string>> {
  const imports = new Map<string, Set<string>>();
  for (const file of readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })) {
    if (!/\.tsx?$/.test(file)) continue;
    const folder = dirname(file);
    const targets = imports.get(folder) ?? new Set();
    imports.set(folder, targets);
    for (const [, path] of readFileSync(join(SOURCE, file), 'utf8').matchAll(IMPORT)) {
      const target = relative(SOURCE, dirname(resolve(SOURCE, folder, path))) || '.';
      if (target !== folder) targets.add(target);
    }
  }
  return imports;
}

/** The folders of one cycle, in order, or `null` where there is none. */
function findCycle(imports: ReadonlyMap<string, ReadonlySet<string>>): string[] | null {
  const done = new Set<string>();
  const visit = (folder: string, path: string[]): string[] | null => {
    if (path.includes(folder)) return [...path.slice(path.indexOf(folder)), folder];
    if (done.has(folder)) return null;
    for (const target of imports.get(folder) ?? []) {
      const cycle = visit(target, [...path, folder]);
      if (cycle !== null) return cycle;
    }
    done.add(folder);
    return null;
  };
  for (const folder of imports.keys()) {
    const cycle = visit(folder, []);
    if (cycle !== null) return cycle;
  }
  return null;
}

test('no two folders import each other, directly or through others', () => {
  const imports = folderImports();
  expect(imports.get('explore')).toContain('scatter');
  expect(findCycle(imports)).toBeNull();
});

test('a cycle through a third folder is found', () => {
  const imports = new Map([['a', new Set(['b', 'c'])], ['b', new Set(['c'])], ['c', new Set(['d', 'b'])]]);
  expect(findCycle(imports)).toEqual(['b', 'c', 'b']);
});
