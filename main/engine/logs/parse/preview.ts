import { closeSync, openSync } from 'node:fs';
import type { LogEvent } from '#shared/contract/logs.ts';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { FLAG, shownFlags } from '../model.ts';
import { checkSource, type SourceInput } from '../source-table.ts';
import { findFiles, parsePathPattern } from '../tail/glob.ts';
import { readAt } from '../tail/identity.ts';
import { LineCutter } from '../tail/lines.ts';
import { detectFormat } from './detect.ts';
import { createParser } from './parser.ts';

const HEAD_BYTES = 64 * 1024;
const MAX_FILES = 5;
const MAX_LINES = 50;

/** What a source's lines would become. */
export type Preview = {
  readonly files: string[];
  readonly format: string;
  readonly events: LogEvent[];
  readonly unmatched: { line: number; text: string; why: string }[];
};

/** Reads the head of the first matching files and shows what each line would become; stores nothing. */
export function preview(input: SourceInput, nowMs: number): Result<Preview> {
  const row = checkSource(input);
  if (!row.ok) return row;
  const pattern = parsePathPattern(input.path);
  if (!pattern.ok) return pattern;
  const found = findFiles(pattern.value);
  const problem = found.problems[0];
  if (found.files.length === 0 && problem !== undefined)
    return err(
      problem.why === 'LOG_NOT_A_FILE'
        ? appError('LOG_NOT_A_FILE', { file: problem.path }, { field: 'path' })
        : appError('LOG_FILE_UNREADABLE', { file: problem.path, why: problem.why }, { field: 'path' }),
    );
  const events: LogEvent[] = [];
  const unmatched: Preview['unmatched'] = [];
  let shownFormat = input.format;
  for (const file of found.files.slice(0, MAX_FILES)) {
    let head: Buffer;
    try {
      const handle = openSync(file.path, 'r');
      try {
        head = readAt(handle, 0, HEAD_BYTES);
      } finally {
        closeSync(handle);
      }
    } catch (thrown) {
      return err(
        appError('LOG_FILE_UNREADABLE', { file: file.path, why: describeThrown(thrown) }, { field: 'path' }),
      );
    }
    const cutter = new LineCutter(0, Buffer.alloc(0));
    const lines = [...cutter.push(head).lines];
    const rest = head.length < HEAD_BYTES ? cutter.end() : null;
    if (rest !== null) lines.push(rest);
    const shown = lines.slice(0, MAX_LINES);
    const texts = shown.map((line) => line.raw.toString('utf8'));
    const spec = input.format === 'auto' ? detectFormat(texts, input.zone, nowMs) : input.format;
    shownFormat = spec;
    const parser = createParser({ spec, zone: input.zone });
    if (!parser.ok) return parser;
    texts.forEach((text, index) => {
      const parsed = parser.value.parse(text, file.mtimeMs);
      if (parsed === null && text.trim() !== '')
        unmatched.push({ line: index + 1, text: text.slice(0, 500), why: spec });
      events.push({
        id: `preview-${index + 1}`,
        time: parsed?.time ?? nowMs,
        level: parsed?.level ?? 'unknown',
        source: row.value.name,
        host: input.host,
        message: parsed?.message ?? text,
        fields: { ...parsed?.fields },
        raw: text,
        flags: shownFlags(parsed?.time === undefined || parsed.time === null ? FLAG.noTime : 0),
        stream: '',
        tags: [],
      });
    });
  }
  return ok({ files: found.files.map((file) => file.path), format: shownFormat, events, unmatched });
}
