import { ok, type Result } from '#shared/errors/index.ts';
import {
  diskFamilies,
  fileFamilies,
  loadFamilies,
  memoryFamilies,
  networkFamilies,
  type ProcFamily,
  statFamilies,
  systemFamilies,
  vmFamilies,
} from './families.ts';
import { filesystemFamilies } from './filesystems.ts';
import { readSections } from './sections.ts';

/** The content type of what {@link procExposition} gives. */
export const PROC_CONTENT_TYPE = 'text/plain; version=0.0.4';

/**
 * A host's figures without an exporter on it: the answer of {@link PROC_SCRIPT} in Prometheus' text format, under the names,
 * labels and units of node_exporter, so that rules and dashboards need not know which of the two a host has.
 *
 * PROC_ANSWER_CUT when the answer is not whole.
 */
export function procExposition(answer: string): Result<string> {
  const read = readSections(answer);
  if (!read.ok) return read;
  const lines = (name: string): readonly string[] => read.value.get(name) ?? [];
  const families = [
    ...statFamilies(lines('stat')),
    ...memoryFamilies(lines('meminfo')),
    ...loadFamilies(lines('loadavg')),
    ...diskFamilies(lines('diskstats')),
    ...networkFamilies(lines('net/dev')),
    ...vmFamilies(lines('vmstat')),
    ...fileFamilies(lines('sys/fs/file-nr')),
    ...systemFamilies(lines('time'), lines('uname')),
    ...filesystemFamilies(lines('mounts'), lines('space')),
  ];
  return ok(families.map(familyText).join(''));
}

function familyText({ name, type, samples }: ProcFamily): string {
  if (samples.length === 0) return '';
  const rows = samples.map(({ labels, value }) => {
    const written = Object.entries(labels).map(([label, text]) => `${label}="${escapeValue(text)}"`);
    return `${name}${written.length === 0 ? '' : `{${written.join(',')}}`} ${value}\n`;
  });
  return `# TYPE ${name} ${type}\n${rows.join('')}`;
}

const escapeValue = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
