import { isUtf8 } from 'node:buffer';
import { appError } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import {
  CLOCK_OFF_MS,
  DAY_MS,
  dayName,
  FLAG,
  type FormatSpec,
  LEVEL_CODE,
  MAX_LINE_BYTES,
  type StoredLine,
} from '../model.ts';
import type { LineParser } from '../parse/parser.ts';
import type { EventStage, StageVerdict } from '../stage.ts';
import type { Segment } from '../store/day.ts';
import type { TailedFile } from '../tail/file.ts';
import type { CutLines, RawLine } from '../tail/lines.ts';
import type { TailSource } from '../tail/source.ts';

/** A line without a stamp belongs to the stamped one before it when they arrived this close together. */
const TOGETHER_MS = 10_000;
/** Days into the future from which a line is not given a day file of its own. */
const STRAY_AHEAD_MS = 2 * DAY_MS;
const STRAY_BEFORE_MS = Date.UTC(1990, 0, 1);
/** A file may change its day file this often at once, and again for each this many lines more. */
export const SWITCHES = 32;
const LINES_PER_SWITCH = 64;
/** The share of odd lines from which a file counts as binary. */
const BINARY_SHARE = 0.3;

/** The stage of an engine without pipelines: keeps every event as it is. */
export const identityStage: EventStage = {
  concerns: () => false,
  apply: ({ text, time, level }) => ({ keep: true, text, time, level, stream: '', changes: null }),
};

/** Names days without making a Date for each line. */
const dayNames = new Map<number, string>();

function dayOf(time: number): string {
  const index = Math.floor(time / DAY_MS);
  let name = dayNames.get(index);
  if (name === undefined) {
    if (dayNames.size > 1000) dayNames.clear();
    name = dayName(time);
    dayNames.set(index, name);
  }
  return name;
}

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
  const { lines } = cut;
  if (lines.length === 0) return [];
  // A file that is being followed is written now; one that is caught up with was written up to its last change.
  const nearMs = file.caughtUpAt === null ? Math.min(nowMs, file.mtimeMs || nowMs) : nowMs;
  const clean = isClean(lines);
  const spec =
    source.format === 'auto'
      ? (file.guess.settled ??
        file.guess.look(
          lines.map((line) => line.raw.toString('utf8')),
          nearMs,
        ))
      : source.format;
  const format: FormatSpec = { spec, zone: source.zone };
  const parser = parserOf(format);
  let unmatched = 0;
  let odd = 0;
  const segments: Segment[] = [];
  const staged = stage.concerns(source.name);
  // A stage wants all that a line says; the store only its time and level.
  const quick = staged ? undefined : parser.head;
  let run: StoredLine[] = [];
  const flush = (last: RawLine | undefined, atEnd: boolean): void => {
    // A position alone is stored, too, when all that was read was dropped; it would be read again otherwise.
    if (last === undefined || (run.length === 0 && !atEnd)) return;
    file.day ??= dayOf(nowMs);
    file.lines += run.length;
    segments.push({
      day: file.day,
      source: { id: source.id, name: source.name, host: source.host },
      format,
      lines: run,
      position: file.position({ end: last.end, tail: cut.tailAt(last.end), lines: file.lines }),
    });
    run = [];
  };
  lines.forEach((line, index) => {
    const head = quick?.(line.raw) ?? null;
    const text = head === null ? line.raw.toString('utf8') : '';
    const parsed = head === null ? parser.parse(text, nearMs) : null;
    if (head === null && parsed === null && text.trim() !== '') unmatched += 1;
    let flags = line.crlf ? FLAG.crlf : 0;
    if (!clean) {
      const utf8 = isUtf8(line.raw);
      if (!utf8) flags |= FLAG.notUtf8;
      if (!utf8 || line.raw.includes(0)) odd += 1;
    }
    if (line.fullBytes > 0) {
      flags |= FLAG.truncated;
      noteLongLine(file, line);
    }
    let time = head?.time ?? parsed?.time ?? null;
    if (time !== null && !Number.isSafeInteger(time)) time = null;
    if (time === null) {
      flags |= FLAG.noTime;
      time = timeWithoutStamp(file, nowMs);
    } else {
      file.lastStamp = { time, readAt: nowMs };
      if (time > nowMs + CLOCK_OFF_MS) flags |= FLAG.future;
      else if (file.caughtUpAt !== null && time < file.caughtUpAt - CLOCK_OFF_MS) flags |= FLAG.late;
    }
    const level = head?.level ?? parsed?.level ?? 'unknown';
    let kept: Kept = { level, time, raw: line.raw, stream: '', changes: null };
    if (staged) {
      const { message, fields } = parsed ?? { message: text, fields: {} };
      const { name, host } = source;
      const event = { text, time, level, message, fields, source: name, host, path: file.path };
      const verdict = stage.apply(event);
      if (!verdict.keep) return;
      kept = keptOf(verdict, text, line.raw);
    }
    const wanted = wantedDay(file, kept.time, nowMs);
    if (wanted !== file.day) {
      flush(lines[index - 1], false);
      file.day = wanted;
      file.switches -= 1;
    } else file.switches = Math.min(SWITCHES, file.switches + 1 / LINES_PER_SWITCH);
    const { offset, end } = line;
    const { stream, changes, raw } = kept;
    run.push({ offset, end, time: kept.time, level: LEVEL_CODE[kept.level], flags, stream, changes, raw });
  });
  flush(lines[lines.length - 1], true);
  file.guess.fared(lines.length, unmatched);
  noteBinary(file, odd, lines.length);
  return segments;
}

/** Whether all lines are UTF-8 without NUL, seen at once where they lie in one piece of memory. */
function isClean(lines: readonly RawLine[]): boolean {
  const first = lines[0]?.raw;
  const last = lines[lines.length - 1]?.raw;
  if (first === undefined || last === undefined || first.buffer !== last.buffer) return false;
  const end = last.byteOffset + last.length;
  let behind = first.byteOffset;
  for (const { raw, fullBytes } of lines) {
    // A line that was cut may end inside a character, and one that was converted lies elsewhere.
    if (fullBytes > 0 || raw.buffer !== first.buffer || raw.byteOffset < behind) return false;
    behind = raw.byteOffset + raw.length;
  }
  const all = Buffer.from(first.buffer, first.byteOffset, end - first.byteOffset);
  return isUtf8(all) && !all.includes(0);
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

function timeWithoutStamp(file: TailedFile, nowMs: number): number {
  const last = file.lastStamp;
  if (last === null) return nowMs;
  return file.caughtUpAt === null || nowMs - last.readAt <= TOGETHER_MS ? last.time : nowMs;
}

function wantedDay(file: TailedFile, time: number, nowMs: number): string {
  const stray = time > nowMs + STRAY_AHEAD_MS || time < STRAY_BEFORE_MS;
  if (stray) return file.day ?? dayOf(nowMs);
  const day = dayOf(time);
  if (file.day === null || day === file.day || file.switches >= 1) return day;
  return file.day;
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
