import { isUtf8 } from 'node:buffer';
import { appError } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { FLAG, type FormatSpec, LEVEL_CODE, LEVELS, MAX_LINE_BYTES, type StoredLine } from '../model.ts';
import type { LineParser } from '../parse/parser.ts';
import { NOT_PLAIN } from '../parse/quick.ts';
import type { EventStage, StageVerdict } from '../stage.ts';
import { gathered, type LineColumns, NO_LINES, sliceOf } from '../store/columns.ts';
import type { Segment } from '../store/day.ts';
import type { TailedFile } from '../tail/file.ts';
import type { CutLines, RawLine } from '../tail/lines.ts';
import type { TailSource } from '../tail/source.ts';
import { Placing } from './placing.ts';
import { placePlain } from './plain.ts';

/** The share of odd lines from which a file counts as binary. */
const BINARY_SHARE = 0.3;

/** The stage of an engine without pipelines: keeps every event as it is. */
export const identityStage: EventStage = {
  concerns: () => false,
  apply: ({ text, time, level }) => ({ keep: true, text, time, level, stream: '', changes: null }),
};

/** What lines are made storable with. */
type Making = {
  readonly source: TailSource;
  readonly file: TailedFile;
  readonly cut: CutLines;
  readonly stage: EventStage;
  readonly format: FormatSpec;
  readonly parser: LineParser;
  readonly nowMs: number;
  /** About when the lines were written. */
  readonly nearMs: number;
};

/**
 * Makes storable segments of the lines cut out of a file: decodes, parses, decides time and flags, lets the stage change or
 * drop, decides the day file. Updates what the file remembers between chunks. The last segment's position covers all lines,
 * also those that were dropped.
 */
export function segmentsOf(
  source: TailSource,
  file: TailedFile,
  cut: CutLines,
  parserOf: (format: FormatSpec) => LineParser,
  stage: EventStage,
  nowMs: number,
): readonly Segment[] {
  const plain = cut.plain ?? null;
  if ((plain?.count ?? cut.lines.length) === 0) return [];
  // A file that is being followed is written now; one that is caught up with was written up to its last change.
  const nearMs = file.caughtUpAt === null ? Math.min(nowMs, file.mtimeMs || nowMs) : nowMs;
  const spec = source.format === 'auto' ? guessed(file, cut, nearMs) : source.format;
  const format: FormatSpec = { spec, zone: source.zone };
  const making = { source, file, cut, stage, format, parser: parserOf(format), nowMs, nearMs };
  if (plain === null || stage.concerns(source.name)) return byObject(making);
  const placing = new Placing(file, nowMs);
  const { columns, runs, unmatched } = placePlain(plain, making.parser, placing, nearMs);
  placing.end();
  let from = 0;
  const segments = runs.map(({ day, to }) => {
    const lines = sliceOf(columns, from, to);
    from = to;
    return segmentOf(making, day, lines, columns.ends[to - 1] ?? 0);
  });
  file.guess.fared(columns.events, unmatched);
  noteBinary(file, 0, columns.events);
  return segments;
}

function guessed({ guess }: TailedFile, cut: CutLines, nearMs: number): string {
  return guess.settled ?? guess.look(textsOf(cut), nearMs);
}

/** The texts of lines, made as they are asked for: a guess wants a few dozen. */
function* textsOf(cut: CutLines): Generator<string> {
  const plain = cut.plain ?? null;
  // The objects of plain lines are made when they are asked for, too.
  if (plain === null) for (const { raw } of cut.lines) yield raw.toString('utf8');
  else
    for (let i = 0; i < plain.count; i += 1)
      yield plain.data.toString('utf8', plain.starts[i], plain.stops[i]);
}

/** The segment of lines that go to one day file, with the position behind `end`. */
function segmentOf(
  { source, file, cut, format }: Making,
  day: string,
  lines: LineColumns,
  end: number,
): Segment {
  file.lines += lines.events;
  return {
    day,
    source: { id: source.id, name: source.name, host: source.host },
    format,
    lines,
    position: file.position({ end, tail: cut.tailAt(end), lines: file.lines }),
  };
}

/** Lines that are to be decoded, looked at by a pipeline, or longer than usual: an object for each. */
function byObject(making: Making): readonly Segment[] {
  const { source, file, stage, parser, nowMs, nearMs } = making;
  const { lines } = making.cut;
  const placing = new Placing(file, nowMs);
  const isStaged = stage.concerns(source.name);
  // A stage wants all that a line says; the store only its time and level.
  const head = isStaged ? undefined : parser.head;
  const stamp = new Float64Array(1);
  const segments: Segment[] = [];
  let unmatched = 0;
  let odd = 0;
  let run: StoredLine[] = [];
  const flush = (last: RawLine | undefined, atEnd: boolean): void => {
    // A position alone is stored, too, when all that was read was dropped; it would be read again otherwise.
    if (last === undefined || (run.length === 0 && !atEnd)) return;
    segments.push(segmentOf(making, placing.day, columnsOf(run), last.end));
    run = [];
  };
  lines.forEach((line, index) => {
    const read = head?.(line.raw, 0, line.raw.length, stamp, 0) ?? NOT_PLAIN;
    const text = read === NOT_PLAIN ? line.raw.toString('utf8') : '';
    const parsed = read === NOT_PLAIN ? parser.parse(text, nearMs) : null;
    if (read === NOT_PLAIN && parsed === null && text.trim() !== '') unmatched += 1;
    placing.timed(read === NOT_PLAIN ? (parsed?.time ?? null) : (stamp[0] ?? 0));
    let flags = placing.flags | (line.crlf ? FLAG.crlf : 0);
    const utf8 = isUtf8(line.raw);
    if (!utf8) flags |= FLAG.notUtf8;
    if (!utf8 || line.raw.includes(0)) odd += 1;
    if (line.fullBytes > 0) {
      flags |= FLAG.truncated;
      noteLongLine(file, line);
    }
    const level = parsed?.level ?? LEVELS[read] ?? 'unknown';
    let kept: Kept = { level, time: placing.time, raw: line.raw, stream: '', changes: null };
    if (isStaged) {
      const { message, fields } = parsed ?? { message: text, fields: {} };
      const { name, host } = source;
      const event = { text, time: kept.time, level, message, fields, source: name, host, path: file.path };
      const verdict = stage.apply(event);
      if (!verdict.keep) return;
      kept = keptOf(verdict, text, line.raw);
    }
    if (!placing.stays(kept.time)) {
      flush(lines[index - 1], false);
      placing.goOn(kept.time);
    }
    const { offset, end } = line;
    const { stream, changes, raw } = kept;
    run.push({ offset, end, time: kept.time, level: LEVEL_CODE[kept.level], flags, stream, changes, raw });
  });
  flush(lines[lines.length - 1], true);
  placing.end();
  file.guess.fared(lines.length, unmatched);
  noteBinary(file, odd, lines.length);
  return segments;
}

function columnsOf(lines: readonly StoredLine[]): LineColumns {
  if (lines.length === 0) return NO_LINES;
  const streams = lines.some(({ stream }) => stream !== '') ? lines.map(({ stream }) => stream) : null;
  return gathered(lines, streams);
}

type Kept = Pick<StageVerdict & { keep: true }, 'level' | 'time' | 'stream' | 'changes'> & {
  readonly raw: Buffer;
};

/** What is stored of an event that a stage kept; its bytes as they came where the text was not changed. */
function keptOf(verdict: StageVerdict & { keep: true }, text: string, raw: Buffer): Kept {
  const { level, stream, changes } = verdict;
  const time = Number.isSafeInteger(verdict.time) ? verdict.time : 0;
  return { level, time, stream, changes, raw: verdict.text === text ? raw : Buffer.from(verdict.text) };
}

function noteLongLine(file: TailedFile, line: RawLine): void {
  file.longLines += 1;
  file.notice = appError('LOG_LINE_TOO_LONG', {
    file: file.path,
    count: file.longLines,
    bound: formatBytes(MAX_LINE_BYTES),
    offset: line.offset,
    bytes: formatBytes(line.fullBytes),
  });
}

function noteBinary(file: TailedFile, odd: number, lines: number): void {
  if (odd / lines >= BINARY_SHARE) file.notice = appError('LOG_FILE_BINARY', { file: file.path });
  else if (file.notice?.code === 'LOG_FILE_BINARY') file.notice = null;
}
