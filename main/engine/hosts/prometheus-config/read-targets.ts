import type { ScrapeConfig } from '#shared/contract/hosts.ts';
import type { ListedGroup } from '#shared/contract/scrape-jobs.ts';
import { compileRelabel } from '#shared/domain/relabel/relabel.ts';
import type { RelabelRule } from '#shared/domain/relabel/rule.ts';
import { labelKey, targetLabels } from '../identity.ts';
import type { Field, NodeReader } from './node-reader.ts';
import { type JobSettings, populateTarget } from './populate.ts';

const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const MOST_TARGETS = 10_000;

/** Line of the first target with these labels, over all jobs of a file. */
export type SeenTargets = Map<string, { readonly line: number; readonly config: string }>;

/** The targets of one job, how many its rules dropped, and all as they are listed. */
export type JobTargets = {
  readonly targets: readonly ScrapeConfig[];
  readonly dropped: number;
  readonly listed: readonly ListedGroup[];
};

/** Reads a mapping of label names to values. */
export function readLabels(reader: NodeReader, field: Field | undefined): Record<string, string> {
  const labels: Record<string, string> = {};
  if (!field) return labels;
  for (const [name, value] of reader.freeMap(field)) {
    if (!LABEL_NAME.test(name)) reader.refuse(value, '不是合法的标签名', 'is not a valid label name');
    labels[name] = reader.string(value);
  }
  return labels;
}

/** Reads `static_configs` of a job and passes every target through its `relabel_configs`. */
export function readTargets(
  reader: NodeReader,
  groups: Field | undefined,
  settings: JobSettings,
  rules: readonly RelabelRule[],
  seen: SeenTargets,
): JobTargets {
  const relabel = compileRelabel(rules);
  const targets: ScrapeConfig[] = [];
  const all: ListedGroup[] = [];
  let dropped = 0;
  for (const group of groups ? reader.list(groups) : []) {
    const members = reader.map(group, ['targets', 'labels']);
    const labels = readLabels(reader, members.get('labels'));
    const list = members.get('targets');
    if (!list) reader.refuse(group, '缺少 targets', 'targets is missing');
    const addresses: string[] = [];
    for (const field of list ? reader.list(list) : []) {
      const address = reader.string(field).trim();
      addresses.push(address);
      // With rules an address may be anything, as for the blackbox exporter: they make a parameter of it.
      if (rules.length === 0 && address.includes('/'))
        reader.refuse(
          field,
          '目标应为“主机:端口”，不带协议和路径',
          'a target is "host:port", without scheme and path',
        );
      const populated = populateTarget(settings, { ...labels, __address__: address }, relabel);
      if (populated.kind === 'dropped') dropped += 1;
      else if (populated.kind === 'wrong') reader.refuse(field, populated.why.zh, populated.why.en);
      else if (isNew(reader, field, populated.config, seen)) targets.push(populated.config);
    }
    all.push({ targets: addresses, labels });
  }
  return { targets, dropped, listed: all };
}

function isNew(reader: NodeReader, field: Field, config: ScrapeConfig, seen: SeenTargets): boolean {
  const key = labelKey(targetLabels(config));
  const same = seen.get(key);
  const text = JSON.stringify(config);
  // A target that is listed twice in the same way is scraped once, as Prometheus does.
  if (same?.config === text) return false;
  if (same)
    reader.refuse(
      field,
      `与第 ${same.line} 行的目标标签相同，样本会混在一起`,
      `has the same labels as the target in line ${same.line}; their samples would mix`,
    );
  if (seen.size >= MOST_TARGETS)
    reader.refuse(field, `目标超过 ${MOST_TARGETS} 个`, `more than ${MOST_TARGETS} targets`);
  seen.set(key, { line: field.line, config: text });
  return true;
}
