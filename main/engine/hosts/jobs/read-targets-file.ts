import * as z from 'zod';
import type { ListedGroup } from '#shared/contract/scrape-jobs.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { type NodeReader, Refused, readYaml } from '../prometheus-config/node-reader.ts';
import { type JsonPath, lineAt, lineOfJson } from './json-lines.ts';

/** What a file lists. */
export type TargetsFile = {
  readonly groups: readonly ListedGroup[];
  /** The 1-based line of a target, by the index of its group and its own. */
  readonly lineOf: (group: number, target: number) => number;
};

/** Largest file that is read; 10,000 targets take less. */
export const MOST_TARGETS_TEXT = 512 * 1024;

const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const NO_INNER_KEYS: ReadonlySet<string> = new Set();

/** What stands in a group, whatever the case of the keys: the JSON of Go does not mind. */
const jsonSchema = z.array(z.unknown()).nullable();

/**
 * Reads a file that lists targets, as `file_sd_configs` of Prometheus 2.42 takes it: JSON when its name ends in `.json`, else
 * YAML; a list of groups with `targets` and `labels`. One wrong thing refuses it whole.
 *
 * @returns DISCOVERY_FILE_INVALID with `line`
 */
export function readTargetsFile(file: string, text: string): Result<TargetsFile> {
  return /\.json$/i.test(file) ? readJson(file, text) : readYamlGroups(file, text);
}

function refused(file: string, line: number, zh: string, en: string): Result<never> {
  return err(appError('DISCOVERY_FILE_INVALID', { file, line, zh, en }, { line }));
}

function readJson(file: string, text: string): Result<TargetsFile> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    const own = thrown instanceof Error ? thrown.message : String(thrown);
    const position = /at position (\d+)/.exec(own)?.[1];
    const line = lineAt(text, position === undefined ? text.trimEnd().length : Number(position));
    return refused(file, line, '不是正确的 JSON', 'it is not valid JSON');
  }
  const wrong = (path: JsonPath, zh: string, en: string): Result<never> =>
    refused(file, lineOfJson(text, path), zh, en);
  const list = jsonSchema.safeParse(value);
  if (!list.success) return wrong([], '最外层应为列表', 'the outermost level must be a list');
  const groups: ListedGroup[] = [];
  for (const [index, item] of (list.data ?? []).entries()) {
    if (item === null || typeof item !== 'object' || Array.isArray(item))
      return wrong([index], '每一项应为带有 targets 的对象', 'each item must be an object that has targets');
    let targets: unknown = null;
    let labels: unknown = null;
    for (const [key, member] of Object.entries(item)) {
      if (key.toLowerCase() === 'targets') targets = member;
      else if (key.toLowerCase() === 'labels') labels = member;
      else return wrong([index, key], `未知的字段“${key}”`, `unknown field "${key}"`);
    }
    const addresses = z.array(z.string()).safeParse(targets ?? []);
    if (!addresses.success)
      return wrong(
        [index, 'targets', ...(addresses.error.issues[0]?.path ?? []).map(Number)],
        'targets 应为文字的列表',
        'targets must be a list of texts',
      );
    const named = z.record(z.string(), z.string()).safeParse(labels ?? {});
    if (!named.success)
      return wrong(
        [index, 'labels', ...(named.error.issues[0]?.path ?? []).map(String)],
        '标签的值应为文字（加引号）',
        'the value of a label must be text, in quotes',
      );
    const nameless = Object.keys(named.data).find((name) => !LABEL_NAME.test(name));
    if (nameless !== undefined)
      return wrong(
        [index, 'labels', nameless],
        `“${nameless}”不是合法的标签名`,
        `"${nameless}" is not a valid label name`,
      );
    groups.push({ labels: named.data, targets: addresses.data });
  }
  return ok({
    groups,
    lineOf: (group, target) => lineOfJson(text, [group, 'targets', target]),
  });
}

function readYamlGroups(file: string, text: string): Result<TargetsFile> {
  try {
    const reader = readYaml(file, text, NO_INNER_KEYS);
    const read = reader.list(reader.root).map((field) => readGroup(reader, field));
    return ok({
      groups: read.map(({ group }) => group),
      lineOf: (group, target) => read[group]?.lines[target] ?? 1,
    });
  } catch (thrown) {
    if (!(thrown instanceof Refused)) throw thrown;
    const { line, message } = thrown.error;
    return err(
      appError(
        'DISCOVERY_FILE_REFUSED',
        { zh: message.zh, en: message.en },
        line === undefined ? {} : { line },
      ),
    );
  }
}

function readGroup(
  reader: NodeReader,
  field: NodeReader['root'],
): { readonly group: ListedGroup; readonly lines: readonly number[] } {
  const members = reader.map(field, ['targets', 'labels']);
  if (members.size === 0) reader.refuse(field, '这一项是空的', 'the item is empty');
  const labels: Record<string, string> = {};
  const labelsField = members.get('labels');
  if (labelsField)
    for (const [name, value] of reader.freeMap(labelsField)) {
      if (!LABEL_NAME.test(name)) reader.refuse(value, '不是合法的标签名', 'is not a valid label name');
      labels[name] = reader.string(value);
    }
  const targetsField = members.get('targets');
  const targets = targetsField ? reader.list(targetsField) : [];
  return { group: { labels, targets: targets.map(reader.string) }, lines: targets.map(({ line }) => line) };
}
