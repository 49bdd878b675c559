import type { FormatSpec } from '../model.ts';
import type { LineOrigin } from './heads.ts';
import type { Origins } from './pending.ts';
import type { Statements } from './statements.ts';

type FileRow = {
  readonly key: string;
  readonly path: string;
  readonly source: string;
  readonly name: string;
  readonly host: string;
};

/** What the origins of a day file's lines are made of besides its log files. */
export type OriginTables = {
  readonly formats: ReadonlyMap<number, FormatSpec>;
  /** Names of streams; files of version 1 have none. */
  readonly streams: ReadonlyMap<number, string>;
};

/** Says where the lines of a day file come from. Asks the file for those log files only that come up, each once. */
export function originsOf(statements: Statements, day: string, { formats, streams }: OriginTables): Origins {
  const files = new Map<number, FileRow | undefined>();
  const fileOf = (id: number): FileRow | undefined => {
    if (files.has(id)) return files.get(id);
    const row = statements
      .of(
        `SELECT file.key, file.path, file.source, coalesce(source.name, file.source) AS name,
           coalesce(source.host, '') AS host
         FROM file LEFT JOIN source ON source.id = file.source WHERE file.id = ?`,
      )
      .get(id) as FileRow | undefined;
    files.set(id, row);
    return row;
  };
  const made = new Map<string, LineOrigin>();
  return ({ file, format, stream }) => {
    const known = made.get(`${file} ${format} ${stream}`);
    if (known) return known;
    const row = fileOf(file);
    const origin: LineOrigin = {
      day,
      fileKey: row?.key ?? '',
      path: row?.path ?? '',
      sourceId: row?.source ?? '',
      sourceName: row?.name ?? '',
      host: row?.host ?? '',
      format: formats.get(format) ?? { spec: 'plain', zone: 'UTC' },
      stream: streams.get(stream) ?? '',
    };
    made.set(`${file} ${format} ${stream}`, origin);
    return origin;
  };
}
