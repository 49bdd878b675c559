import type { FileDiscovery } from '#shared/contract/scrape-jobs.ts';
import type { Field, NodeReader } from './node-reader.ts';
import type { ResolvePath } from './read-login.ts';

/** Prometheus' own default. */
const DEFAULT_REFRESH_MS = 300_000;
const LEAST_REFRESH_MS = 1_000;
const MOST_REFRESH_MS = 86_400_000;
const MOST_PATTERNS = 100;

/** What Prometheus takes: one `*` at most, in the last part, and a name that ends in a format that it reads. */
const PATTERN = /^[^*]*(\*[^/]*)?\.(json|yml|yaml|JSON|YML|YAML)$/;

/** Reads `file_sd_configs` of a job; paths become full ones. */
export function readDiscovery(
  reader: NodeReader,
  field: Field | undefined,
  resolve: ResolvePath,
): FileDiscovery[] {
  return (field ? reader.list(field) : []).map((entry) => {
    const members = reader.map(entry, ['files', 'refresh_interval']);
    const files = members.get('files');
    const list = files ? reader.list(files) : [];
    if (list.length === 0) reader.refuse(files ?? entry, '缺少 files', 'files is missing');
    if (list.length > MOST_PATTERNS)
      reader.refuse(entry, `超过 ${MOST_PATTERNS} 个`, `more than ${MOST_PATTERNS} of them`);
    const refresh = members.get('refresh_interval');
    // As in Prometheus, a duration of zero is not the default: it is refused here, where it would never come to an end.
    const refreshMs = refresh ? reader.duration(refresh) : DEFAULT_REFRESH_MS;
    if (refresh && (refreshMs < LEAST_REFRESH_MS || refreshMs > MOST_REFRESH_MS))
      reader.refuse(refresh, '应在 1s 到 1d 之间', 'must lie between 1s and 1d');
    return { files: list.map((one) => readPattern(reader, one, resolve)), refreshMs };
  });
}

function readPattern(reader: NodeReader, field: Field, resolve: ResolvePath): string {
  const pattern = reader.string(field);
  if (!PATTERN.test(pattern))
    reader.refuse(
      field,
      '应以 .json、.yml 或 .yaml 结尾，只有最后一段可以有一个 *',
      'must end in .json, .yml or .yaml, with one * at most, in its last part',
    );
  const path = resolve(pattern);
  return (
    path ??
    reader.refuse(
      field,
      '请写出文件的完整路径，或用 hmtt import prometheus 导入',
      'give the full path of the files, or import with hmtt import prometheus',
    )
  );
}
