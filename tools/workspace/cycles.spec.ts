import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const projects = ['apps', 'libs', 'tools']
  .flatMap((group) => readdirSync(join(root, group)).map((name) => join(group, name)))
  .filter((project) => existsSync(join(root, project, 'src')));

const sourcesOf = (project: string): string[] =>
  readdirSync(join(root, project, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => join(root, project, 'src', name));

/** Files that a file needs when it is loaded. Imports of types are gone by then. */
function loadedBy(file: string): string[] {
  const { statements } = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2024);
  return statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const typesOnly = ts.isImportDeclaration(statement)
      ? statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
      : statement.isTypeOnly;
    const { moduleSpecifier: from } = statement;
    if (typesOnly || !from || !ts.isStringLiteral(from) || !from.text.startsWith('.')) return [];
    return [resolve(dirname(file), from.text.replace(/\.js$/, '.ts'))];
  });
}

/** The first circle of files that load each other, if there is one. */
function circleAmong(files: readonly string[], loaded: (file: string) => string[]): string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, path: string[]): string[] | undefined => {
    const at = path.indexOf(file);
    if (at >= 0) return [...path.slice(at), file];
    if (done.has(file)) return undefined;
    for (const next of loaded(file)) {
      const circle = visit(next, [...path, file]);
      if (circle) return circle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of files) {
    const circle = visit(file, []);
    if (circle) return circle;
  }
  return undefined;
}

describe('no files load each other in a circle', () => {
  it.each(projects)('in %s', (project) => {
    const files = sourcesOf(project);
    const circle = circleAmong(files, (file) => (files.includes(file) ? loadedBy(file) : []));
    expect(circle?.map((file) => relative(root, file)).join(' → ')).toBeUndefined();
  });

  it('and one would be found', () => {
    const loads: Record<string, string[]> = { a: ['b'], b: ['c'], c: ['b'] };
    expect(circleAmong(Object.keys(loads), (file) => loads[file] ?? [])).toEqual(['b', 'c', 'b']);
  });
});
