import { isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml';

/** A node of a YAML document with its line; `text` as it was written, so that `1h` and `"1h"` are the same. */
export type YamlView =
  | { readonly kind: 'map'; readonly line: number; readonly entries: readonly YamlEntry[] }
  | { readonly kind: 'list'; readonly line: number; readonly items: readonly YamlView[] }
  | {
      readonly kind: 'scalar';
      readonly line: number;
      readonly text: string;
      readonly isNull: boolean;
      readonly isText: boolean;
    };

/** One key of a map. */
export type YamlEntry = { readonly key: string; readonly line: number; readonly value: YamlView };

/** What is wrong with a document's form. */
export type YamlFault = { readonly line: number; readonly message: string };

/** Files of people have a few thousand lines; aliases could make one that never ends. */
const MAX_BYTES = 16 << 20;
const MAX_ALIASES = 100;

/** Reads one YAML document for checking by hand; null when the text is empty. */
export function readYaml(text: string): YamlView | YamlFault | null {
  if (text.length > MAX_BYTES) return { line: 1, message: `yaml: longer than ${MAX_BYTES} bytes` };
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: true, strict: true });
  if (!Array.isArray(documents)) return null;
  const [document, second] = documents;
  if (document === undefined) return null;
  const lineOf = (offset: number | undefined): number =>
    offset === undefined ? 1 : lines.linePos(offset).line;
  const [fault] = document.errors;
  if (fault !== undefined)
    return { line: lineOf(fault.pos[0]), message: `yaml: ${fault.message.split('\n')[0] ?? ''}` };
  if (second !== undefined)
    return { line: lineOf(second.range?.[0]), message: 'yaml: more than one document' };
  let aliases = 0;
  const view = (node: unknown): YamlView => {
    if (isMap(node)) {
      const line = lineOf((node as Node).range?.[0]);
      const entries = node.items.map(({ key, value }) => {
        const at = lineOf((key as Node | null)?.range?.[0]);
        return { key: isScalar(key) ? String(key.value) : '', line: at, value: view(value) };
      });
      return { kind: 'map', line, entries };
    }
    if (isSeq(node)) return { kind: 'list', line: lineOf(node.range?.[0]), items: node.items.map(view) };
    if (isScalar(node)) {
      const { value, source, type } = node;
      const isNull = value === null;
      const isText = typeof value === 'string';
      const plain = type === 'PLAIN' && source !== undefined ? source : String(value);
      return { kind: 'scalar', line: lineOf(node.range?.[0]), text: isNull ? '' : plain, isNull, isText };
    }
    if (node === null || node === undefined)
      return { kind: 'scalar', line: 1, text: '', isNull: true, isText: false };
    aliases += 1;
    const target =
      aliases > MAX_ALIASES
        ? undefined
        : (node as { resolve?: (of: typeof document) => unknown }).resolve?.(document);
    return view(target ?? null);
  };
  return document.contents === null ? null : view(document.contents);
}

/** True for what {@link readYaml} could not read. */
export function isFault(read: YamlView | YamlFault): read is YamlFault {
  return !('kind' in read);
}
