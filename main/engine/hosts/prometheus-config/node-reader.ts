import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import { nearestWord } from '#shared/domain/near-word.ts';
import { type AppError, appError, type Bilingual } from '#shared/errors/index.ts';
import { parseDuration } from '#shared/units/duration.ts';
import { tooMuch, yamlReason } from './yaml-reason.ts';

/** Thrown inside the importer only, caught at its door: the file is refused whole at the first thing that is wrong. */
export class Refused extends Error {
  readonly error: AppError;
  constructor(error: AppError) {
    super(error.message.en);
    this.error = error;
  }
}

/** A node of the document with the path of fields that leads to it. */
export type Field = { readonly node: Node | null; readonly path: string; readonly line: number };

/** What stands under a key that the importer knows but cannot do: what the operator should do instead. */
export type Unsupported = { readonly zh: string; readonly en: string };

/** Reads a YAML document field by field, each with its line; every refusal names both. */
export type NodeReader = {
  readonly root: Field;
  readonly refuse: (field: Field, zh: string, en: string) => never;
  readonly unsupported: (field: Field, todo: Unsupported) => never;
  /**
   * The members of a mapping. Keys outside `known` are refused; those in `unsupported` with what to do.
   * An absent or empty mapping is refused unless `optional`.
   */
  readonly map: (
    field: Field,
    known: readonly string[],
    unsupported?: Readonly<Record<string, Unsupported>>,
  ) => ReadonlyMap<string, Field>;
  /** The members of a mapping with free keys. */
  readonly freeMap: (field: Field) => ReadonlyMap<string, Field>;
  readonly list: (field: Field) => Field[];
  readonly string: (field: Field) => string;
  readonly boolean: (field: Field) => boolean;
  readonly integer: (field: Field) => number;
  readonly duration: (field: Field) => number;
  readonly bytes: (field: Field) => number;
};

/** Anchors may repeat a node many times over; a small file must not become a large one. */
const MOST_ALIASES = 100;

function syntaxError(file: string, line: number, why: Bilingual): AppError {
  return appError(
    'PROMETHEUS_FILE_SYNTAX',
    { file, line, whyZh: why.zh, whyEn: why.en },
    { line, detail: why.en },
  );
}

function parse(file: string, text: string, lineCounter: LineCounter): Document.Parsed {
  try {
    return parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: false, strict: true });
  } catch (thrown) {
    // The parser is recursive; what nests in a way that `tooMuch` does not count ends its stack.
    if (!(thrown instanceof RangeError)) throw thrown;
    throw new Refused(syntaxError(file, 1, { zh: '嵌套过深', en: 'it is nested too deeply' }));
  }
}

/**
 * Parses a YAML text.
 *
 * @param innerKeys keys that never stand at the outermost level
 * @throws Refused with PROMETHEUS_FILE_SYNTAX when it is not YAML 1.2 (one document, no duplicate keys)
 */
export function readYaml(file: string, text: string, innerKeys: ReadonlySet<string>): NodeReader {
  const hostile = tooMuch(text);
  if (hostile) throw new Refused(syntaxError(file, hostile.line, hostile.why));
  const lines = new LineCounter();
  const lineOf = (offset: number): number => Math.max(1, lines.linePos(offset).line);
  const document = parse(file, text, lines);
  const broken = document.errors[0] ?? document.warnings[0];
  if (broken) throw new Refused(syntaxError(file, lineOf(broken.pos[0]), yamlReason(broken)));

  // A text whose indentation was lost has its inner keys, often twice, at the outermost level. Saying so helps more
  // than saying that a key is unknown or there twice.
  const lost = isMap(document.contents)
    ? document.contents.items.find(({ key }) => isScalar(key) && innerKeys.has(String(key.value)))
    : undefined;
  if (lost) {
    const line = lineOf((lost.key as Node).range?.[0] ?? 0);
    const field = String((lost.key as { readonly value?: unknown }).value);
    throw new Refused(appError('PROMETHEUS_FILE_INDENTATION', { file, line, field }, { line, field }));
  }

  const refuse = ({ path, line }: Field, whyZh: string, whyEn: string): never => {
    throw new Refused(
      appError('PROMETHEUS_FILE_FIELD', { file, line, field: path, whyZh, whyEn }, { line, field: path }),
    );
  };
  const unsupported = ({ path, line }: Field, todo: Unsupported): never => {
    throw new Refused(
      appError(
        'PROMETHEUS_FILE_UNSUPPORTED',
        { file, line, field: path, todoZh: todo.zh, todoEn: todo.en },
        { line, field: path },
      ),
    );
  };
  let aliases = 0;
  const resolve = (node: unknown, path: string, line: number): Node | null => {
    if (!isAlias(node)) return (node ?? null) as Node | null;
    aliases += 1;
    const field = { node: null, path, line };
    if (aliases > MOST_ALIASES)
      return refuse(field, `引用超过 ${MOST_ALIASES} 个`, `more than ${MOST_ALIASES} aliases`);
    const target = node.resolve(document);
    return (
      target ??
      refuse(field, `引用“${node.source}”没有对应的锚点`, `the alias "${node.source}" has no anchor`)
    );
  };
  const lineOfNode = (node: unknown, otherwise: number): number => {
    const start = (node as { readonly range?: readonly number[] | null } | null)?.range?.[0];
    return start === undefined ? otherwise : lineOf(start);
  };

  const member = (parent: Field, pair: Pair): readonly [string, Field] => {
    const key = pair.key;
    const line = lineOfNode(key, parent.line);
    if (!isScalar(key) || typeof key.value !== 'string')
      return refuse({ ...parent, line }, '键必须是文字', 'a key must be text');
    const path = parent.path === '' ? key.value : `${parent.path}.${key.value}`;
    return [key.value, { node: resolve(pair.value, path, line), path, line }];
  };

  const isNothing = (node: Node | null): boolean => node === null || (isScalar(node) && node.value === null);

  const freeMap = (field: Field): ReadonlyMap<string, Field> => {
    if (isNothing(field.node)) return new Map();
    if (!isMap(field.node)) return refuse(field, '应为“键: 值”的映射', 'must be a mapping of "key: value"');
    const members = (field.node as YAMLMap).items.map((pair) => member(field, pair as Pair));
    const own = new Map<string, Field>();
    for (const [key, value] of members) {
      if (key === '<<') continue;
      // Checked here and not by the parser, which compares every key with every other one.
      if (own.has(key)) refuse(value, '同一个键出现了两次', 'the same key is there twice');
      own.set(key, value);
    }
    for (const [, merged] of members.filter(([key]) => key === '<<')) {
      // Merged members come after the mapping's own, which win; of several merged mappings the first wins.
      const sources = isSeq(merged.node)
        ? merged.node.items.map((item) => ({ ...merged, node: resolve(item, merged.path, merged.line) }))
        : [merged];
      for (const source of sources)
        for (const [key, value] of freeMap(source)) if (!own.has(key)) own.set(key, value);
    }
    return own;
  };

  const scalar = (field: Field): unknown => {
    if (isNothing(field.node)) return refuse(field, '没有值', 'has no value');
    if (!isScalar(field.node)) return refuse(field, '应为单个值', 'must be a single value');
    return field.node.value;
  };

  return {
    root: { node: resolve(document.contents, '', 1), path: '', line: 1 },
    refuse,
    unsupported,
    freeMap,
    map: (field, known, notYet = {}) => {
      const members = freeMap(field);
      for (const [key, value] of members) {
        const todo = notYet[key];
        if (todo) unsupported(value, todo);
        if (known.includes(key)) continue;
        const meant = nearestWord(key, known);
        if (meant === null) refuse(value, '未知的字段', 'unknown field');
        else refuse(value, `未知的字段，是否应为“${meant}”`, `unknown field; is "${meant}" meant?`);
      }
      return members;
    },
    list: (field) => {
      if (isNothing(field.node)) return [];
      if (!isSeq(field.node)) return refuse(field, '应为以“- ”开头的列表', 'must be a list of "- " items');
      return field.node.items.map((item, index) => {
        const path = `${field.path}[${index}]`;
        const line = lineOfNode(item, field.line);
        return { node: resolve(item, path, line), path, line };
      });
    },
    string: (field) => {
      const value = scalar(field);
      if (typeof value === 'string') return value;
      // Prometheus takes `job_name: 1` and `password: 123456` as text; the source keeps leading zeros.
      if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') {
        const source = (field.node as { readonly source?: string }).source;
        return source ?? String(value);
      }
      return refuse(field, '应为文字', 'must be text');
    },
    boolean: (field) => {
      const value = scalar(field);
      if (typeof value === 'boolean') return value;
      // Prometheus reads YAML 1.1, where these unquoted words are booleans too.
      const word = isScalar(field.node) && field.node.type === 'PLAIN' ? String(value).toLowerCase() : '';
      if (word === 'yes' || word === 'on') return true;
      if (word === 'no' || word === 'off') return false;
      return refuse(field, '应为 true 或 false', 'must be true or false');
    },
    integer: (field) => {
      const value = scalar(field);
      return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
        ? value
        : refuse(field, '应为不小于 0 的整数', 'must be a whole number of 0 or more');
    },
    duration: (field) => {
      const value = scalar(field);
      const ms = typeof value === 'string' ? parseDuration(value) : value === 0 ? 0 : null;
      return (
        ms ?? refuse(field, '应为时长，例如 15s、1m、1h30m', 'must be a duration such as 15s, 1m or 1h30m')
      );
    },
    bytes: (field) => {
      const value = scalar(field);
      const match = /^(\d+(?:\.\d+)?)(B|[KMGTPE]i?B)$/.exec(String(value));
      if (value === 0) return 0;
      if (!match) return refuse(field, '应为大小，例如 10MB', 'must be a size such as 10MB');
      const power = 'BKMGTPE'.indexOf((match[2] ?? 'B').charAt(0));
      // Prometheus counts KB, MB, … in steps of 1024 too.
      return Math.round(Number(match[1]) * 1024 ** power);
    },
  };
}
