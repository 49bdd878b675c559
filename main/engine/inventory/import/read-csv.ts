import { CsvError, parse } from 'csv-parse/sync';
import { labelsSchema, type ScrapeConfig, scrapeConfigSchema } from '#shared/contract/hosts.ts';
import { hostCardInputSchema, type ImportFault } from '#shared/contract/inventory.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { type Column, columnOf, kindOf, LINK_COLUMNS, tierOf } from './columns.ts';
import type { Described, Listed, ListedEntry, ListedLink } from './listed.ts';

/** Rows of one file. */
const MOST_ROWS = 20_000;
const LONGEST_ROW = 200_000;

/** What is known of things that a row may leave out. */
export type Known = {
  /** Address of a host that exists. */
  readonly addressOf: (name: string) => string | undefined;
  readonly isComponent: (name: string) => boolean;
};

type Row = { readonly line: number; readonly cells: readonly string[] };

/** The character between the cells of a header: the one that it has most of. */
function delimiterOf(text: string): string {
  const header = text.split(/\r?\n/).find((line) => line.trim() !== '') ?? '';
  const count = (char: string): number => header.split(char).length;
  return [',', ';', '\t'].reduce((best, char) => (count(char) > count(best) ? char : best));
}

function readRows(file: string, text: string): Result<readonly Row[]> {
  try {
    const records = parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      info: true,
      max_record_size: LONGEST_ROW,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      trim: true,
      to: MOST_ROWS + 2,
    }) as unknown as readonly {
      readonly record: readonly string[];
      readonly info: { readonly lines: number };
    }[];
    if (records.length > MOST_ROWS + 1) {
      const zh = `行数超过 ${MOST_ROWS}`;
      return err(appError('INVENTORY_FILE_INVALID', { file, zh, en: `it has more than ${MOST_ROWS} rows` }));
    }
    return ok(
      records.map(({ record, info }) => {
        // The parser counts the line on which a row ends; its quoted cells may have begun lines before.
        const inside = record.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0);
        return { line: Math.max(1, info.lines - inside), cells: record };
      }),
    );
  } catch (thrown) {
    if (!(thrown instanceof CsvError)) throw thrown;
    const line = typeof thrown.lines === 'number' ? thrown.lines : undefined;
    const zh = `第 ${line ?? '?'} 行的引号或分隔有误`;
    const en = `the quotes or separators of line ${line ?? '?'} are wrong`;
    const place = { detail: thrown.message, ...(line === undefined ? {} : { line }) };
    return err(appError('INVENTORY_FILE_INVALID', { file, zh, en }, place));
  }
}

const LIST = /[;；、|\n]/;

function listOf(cell: string): string[] {
  return cell
    .split(LIST)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** A target of an exporter, or of a TCP check, on a port of an address. */
function targetOn(address: string, part: string, check: 'exporter' | 'tcp'): ScrapeConfig | null {
  const [, port = '', path = ''] = /^(\d{1,5})(\/\S*)?$/.exec(part) ?? [];
  if (port === '' || Number(port) < 1 || Number(port) > 65_535) return null;
  const host = address.includes(':') && !address.startsWith('[') ? `[${address}]` : address;
  const parsed = scrapeConfigSchema.safeParse({
    job: check === 'tcp' ? 'tcp' : port === '9100' ? 'node' : `exporter-${port}`,
    address: `${host}:${port}`,
    ...(path === '' ? {} : { metricsPath: path }),
    ...(check === 'tcp' ? { probe: { kind: 'tcp' } } : {}),
  });
  return parsed.success ? parsed.data : null;
}

/** Reads the cells of one row; faults are told with the header of their column. */
function readRow(
  row: Row,
  columns: ReadonlyMap<Column, { readonly at: number; readonly header: string }>,
  known: Known,
  fault: (fault: ImportFault) => void,
): ListedEntry | null {
  const cell = (column: Column): string => row.cells[columns.get(column)?.at ?? -1]?.trim() ?? '';
  let sound = true;
  const refuse = (column: Column, zh: string, en: string): void => {
    sound = false;
    fault({ line: row.line, field: columns.get(column)?.header ?? '', message: { zh, en } });
  };
  const word = <T>(column: Column, read: (text: string) => T | null): T | undefined => {
    const text = cell(column);
    if (text === '') return undefined;
    const value = read(text);
    if (value === null) refuse(column, `“${text}”无法识别`, `"${text}" is not known`);
    return value ?? undefined;
  };

  const name = cell('name');
  if (name === '') refuse('name', '没有名称', 'there is no name');
  if (name.length > 200) refuse('name', '名称超过 200 个字符', 'the name has more than 200 characters');
  const onHost = cell('onHost');
  const kind = onHost !== '' || known.isComponent(name) ? 'component' : 'host';
  const tier = word('tier', tierOf);
  const address = cell('address');
  if (address.length > 300 || /\s/.test(address)) refuse('address', '地址有误', 'the address is not valid');

  const labels: Record<string, string> = {};
  for (const part of listOf(cell('labels'))) {
    const at = part.indexOf('=');
    if (at < 1) refuse('labels', `“${part}”应为“名称=值”`, `"${part}" must be "name=value"`);
    else labels[part.slice(0, at).trim()] = part.slice(at + 1).trim();
  }
  if (!labelsSchema.safeParse(labels).success)
    refuse(
      'labels',
      '标签名只能有字母、数字和下划线',
      'label names have letters, digits and underscores only',
    );

  const scrapes: ScrapeConfig[] = [];
  for (const check of ['exporter', 'tcp'] as const)
    for (const part of listOf(cell(check))) {
      const at = address || known.addressOf(name) || '';
      const target = at === '' ? null : targetOn(at, part, check);
      if (target === null) refuse(check, `“${part}”不是端口`, `"${part}" is not a port`);
      else if (kind === 'component')
        refuse(check, '请把采集端口写在主机的行上', 'write ports in the row of the host');
      else scrapes.push(target);
    }

  const described: Partial<Described> = {};
  const componentKind = word('kind', kindOf);
  if (componentKind !== undefined) described.kind = componentKind;
  for (const column of ['owner', 'contact', 'classification', 'maintenance', 'note'] as const) {
    const text = cell(column);
    if (text === '') continue;
    if (hostCardInputSchema.shape[column].safeParse(text).success) described[column] = text;
    else refuse(column, '文字太长', 'the text is too long');
  }

  const links: ListedLink[] = [];
  for (const [column, dependsOn] of Object.entries(LINK_COLUMNS) as [Column, ListedLink['dependsOn']][])
    for (const part of listOf(cell(column))) {
      const [, to = '', protocol = ''] = /^(.*?)(?:[:：]([^:：]*))?$/.exec(part) ?? [];
      links.push({
        to: to.trim(),
        protocol: protocol.trim().slice(0, 60),
        dependsOn,
        field: columns.get(column)?.header ?? '',
      });
    }
  if (!sound) return null;
  return {
    line: row.line,
    kind,
    name,
    described,
    links,
    ...(address === '' ? {} : { address }),
    ...(tier === undefined ? {} : { tier }),
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
    ...(scrapes.length === 0 ? {} : { scrapes }),
    ...(onHost === '' ? {} : { onHost }),
  };
}

/**
 * Reads a CSV file of hosts and components, one a row. Headers are English or Chinese, in any order; empty cells leave
 * things as they are. The separator is the comma, the semicolon or the tab, whichever the header has.
 *
 * @returns INVENTORY_FILE_INVALID when no rows can be told apart; wrong rows are faults
 */
export function readCsv(file: string, text: string, known: Known): Result<Listed> {
  const read = readRows(file, text);
  if (!read.ok) return read;
  const [header, ...rows] = read.value;
  const columns = new Map<Column, { at: number; header: string }>();
  const ignoredColumns: string[] = [];
  for (const [at, title] of (header?.cells ?? []).entries()) {
    const column = columnOf(title);
    if (column !== null && !columns.has(column)) columns.set(column, { at, header: title });
    else if (title !== '') ignoredColumns.push(title);
  }
  if (!columns.has('name')) {
    const zh = '第一行没有“名称”这一列';
    const en = 'its first line has no column "name"';
    return err(appError('INVENTORY_FILE_INVALID', { file, zh, en }, { line: header?.line ?? 1 }));
  }
  const faults: ImportFault[] = [];
  const entries = rows.flatMap((row) => {
    const entry = readRow(row, columns, known, (fault) => faults.push(fault));
    return entry === null ? [] : [entry];
  });
  return ok({ entries, faults, ignoredColumns });
}
