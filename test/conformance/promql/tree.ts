import type { ValueType } from '../../../main/engine/promql/ast.ts';

/**
 * An expression as text with structure: pieces of text, parts that may be left out, and expressions inside. That is all
 * that shrinking needs to know about the language.
 */
export type Tree = { readonly type: ValueType; readonly parts: readonly Part[] };
export type Part = string | Tree | { readonly optional: readonly Part[] };

/** The text of an expression. */
export function render(tree: Tree): string {
  return renderParts(tree.parts);
}

function renderParts(parts: readonly Part[]): string {
  return parts
    .map((part) => {
      if (typeof part === 'string') return part;
      return 'optional' in part ? renderParts(part.optional) : render(part);
    })
    .join('');
}

/** The simplest expressions of each type; none needs data but the last ones. */
const LEAVES: Readonly<Record<ValueType, readonly string[]>> = {
  scalar: ['1', 'time()'],
  vector: ['vector(1)', 'g', 'c_total'],
  matrix: ['g[5m]', 'c_total[5m]'],
  string: ['"x"'],
};

/** Expressions one step simpler, the most promising first: a part in place of the whole, a leaf, an option left out. */
export function* simpler(tree: Tree): Generator<Tree> {
  yield* descendants(tree, tree.type);
  const text = render(tree);
  for (const leaf of LEAVES[tree.type])
    if (leaf.length < text.length) yield { type: tree.type, parts: [leaf] };
  for (const parts of simplerParts(tree.parts)) yield { type: tree.type, parts };
}

function* simplerParts(parts: readonly Part[]): Generator<readonly Part[]> {
  for (const [index, part] of parts.entries()) {
    if (typeof part === 'string') continue;
    const replaced = (by: readonly Part[]): readonly Part[] => parts.toSpliced(index, 1, ...by);
    if ('optional' in part) {
      yield replaced([]);
      for (const inner of simplerParts(part.optional)) yield replaced([{ optional: inner }]);
    } else for (const one of simpler(part)) yield replaced([one]);
  }
}

function* descendants(tree: Tree, type: ValueType): Generator<Tree> {
  for (const part of flattened(tree.parts)) {
    if (part.type === type) yield part;
    yield* descendants(part, type);
  }
}

function flattened(parts: readonly Part[]): Tree[] {
  return parts.flatMap((part) => {
    if (typeof part === 'string') return [];
    return 'optional' in part ? flattened(part.optional) : [part];
  });
}
