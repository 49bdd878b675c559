import type { ReadableDb } from '../../storage/sqlite.ts';
import type { Origins } from './pending.ts';
import type { LineOrigin } from './reader.ts';

/**
 * Reads where the lines of a day file come from.
 *
 * @param hasStreams false for files of version 1
 */
export function readOrigins(db: ReadableDb, day: string, hasStreams: boolean): Origins {
  const files = new Map(
    (
      db
        .prepare(
          `SELECT file.id, file.key, file.path, file.source, coalesce(source.name, file.source) AS name,
             coalesce(source.host, '') AS host
           FROM file LEFT JOIN source ON source.id = file.source`,
        )
        .all() as { id: number; key: string; path: string; source: string; name: string; host: string }[]
    ).map((row) => [row.id, row]),
  );
  const formats = new Map(
    (
      db.prepare('SELECT id, spec, zone FROM format').all() as { id: number; spec: string; zone: string }[]
    ).map((row) => [row.id, { spec: row.spec, zone: row.zone }]),
  );
  const streams = hasStreams ? readStreams(db) : new Map<number, string>();
  const made = new Map<string, LineOrigin>();
  return ({ file, format, stream }) => {
    const known = made.get(`${file} ${format} ${stream}`);
    if (known) return known;
    const row = files.get(file);
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

function readStreams(db: ReadableDb): ReadonlyMap<number, string> {
  const rows = db.prepare('SELECT id, name FROM stream').all() as { id: number; name: string }[];
  return new Map(rows.map((row) => [row.id, row.name]));
}
