import { closeSync, openSync } from 'node:fs';
import type * as z from 'zod';
import type { logsSourcesRequests, TestedLine } from '#shared/contract/logs-sources.ts';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { CLOCK_OFF_MS } from '../model.ts';
import { LineDecoder, lineUnitOf } from '../tail/encoding.ts';
import { findFiles, parsePathPattern } from '../tail/glob.ts';
import { readAt } from '../tail/identity.ts';
import { checkMultiline, goesOn, joinerOf } from '../tail/joining.ts';
import { LineCutter, type RawLine } from '../tail/lines.ts';
import { detectFormat, shareOf } from './detect.ts';
import type { Mismatch } from './mismatch.ts';
import { BUILT_IN_FORMATS, createParser, type LineParser } from './parser.ts';
import { checkZone } from './zone.ts';

type Request = (typeof logsSourcesRequests)['logs.sources.test'];
/** What is to be tested, with defaults filled in. */
export type SampleInput = z.output<Request['input']>;
/** What became of it. */
export type SampleResult = z.output<Request['output']>;

const HEAD_BYTES = 256 * 1024;
const SHOWN_TEXT = 4000;
/** So many events that do not match are shown when none is among the first ones. */
const MISMATCHES = 10;

/** Shows what a format makes of a pasted sample, or of a file's beginning; stores nothing. */
export function testSample(input: SampleInput, nowMs: number): Result<SampleResult> {
  const zone = checkZone(input.zone);
  if (!zone.ok) return zone;
  const joining = checkMultiline(input.multiline);
  if (!joining.ok) return joining;
  const sample = bytesOf(input);
  if (!sample.ok) return sample;
  const { bytes, files, isWhole, writtenMs } = sample.value;
  const nearMs = writtenMs ?? nowMs;
  const unit = lineUnitOf(bytes, input.encoding);
  const decoder = new LineDecoder(input.encoding, unit);
  const cutter = new LineCutter(0, Buffer.alloc(0), unit);
  const cut = [...cutter.push(bytes).lines];
  const rest = isWhole ? cutter.end() : null;
  if (rest !== null) cut.push(rest);
  const lines = cut.map((line) => ({ ...line, raw: decoder.decode(line.raw, line.offset === 0) }));
  const joiner = joinerOf(input.multiline);
  const none = (): Buffer => Buffer.alloc(0);
  const events: readonly RawLine[] =
    joiner === null
      ? lines
      : [...joiner.push({ lines, tailAt: none }, 0).lines, ...(joiner.flush()?.lines ?? [])];
  const texts = events.map((event) => event.raw.toString('utf8'));
  const format = input.format === 'auto' ? detectFormat(texts, input.zone, nearMs) : input.format;
  const parser = createParser({ spec: format, zone: input.zone });
  if (!parser.ok) return parser;
  const numbers = new Map(lines.map((line, index) => [line.offset, index + 1]));
  const ends = new Map(lines.map((line, index) => [line.end, index + 1]));
  const context = { parser: parser.value, format, nearMs, nowMs };
  const tested = events.map((event, index) => {
    const first = numbers.get(event.offset) ?? index + 1;
    return testedLine(texts[index] ?? '', event, context, first, (ends.get(event.end) ?? first) - first + 1);
  });
  const each = input.multiline.kind === 'none';
  const filled = texts.filter((text) => text.trim() !== '');
  return ok({
    format,
    encoding: decoder.encoding,
    files: [...files],
    lines: shownOf(tested, input.limit),
    total: tested.length,
    matched: tested.filter(({ matched }) => matched).length,
    continued: each
      ? tested.filter(({ matched }, index) => !matched && goesOn(events[index]?.raw ?? Buffer.alloc(0)))
          .length
      : 0,
    candidates: BUILT_IN_FORMATS.filter((name) => name !== 'plain')
      .map((name) => ({ format: name, share: shareOf(name, filled.slice(0, 200), input.zone, nearMs) }))
      .filter(({ share }) => share > 0)
      .sort((a, b) => b.share - a.share),
  });
}

/** The first events; when all of those match, some of the first ones that do not stand in for the last of them. */
function shownOf(tested: readonly TestedLine[], limit: number): TestedLine[] {
  const first = tested.slice(0, limit);
  if (first.some(({ matched }) => !matched)) return first;
  const others = tested.filter(({ matched }) => !matched).slice(0, Math.min(MISMATCHES, limit));
  return [...first.slice(0, Math.min(first.length, limit - others.length)), ...others];
}

function bytesOf(input: SampleInput): Result<{
  readonly bytes: Buffer;
  readonly files: readonly string[];
  readonly isWhole: boolean;
  readonly writtenMs: number | null;
}> {
  if (input.path === undefined)
    return ok({ bytes: Buffer.from(input.text ?? '', 'utf8'), files: [], isWhole: true, writtenMs: null });
  const pattern = parsePathPattern(input.path);
  if (!pattern.ok) return pattern;
  const found = findFiles(pattern.value);
  const [first] = found.files;
  if (first === undefined) {
    const [problem] = found.problems;
    // A path that names no file yet is no mistake: a source may be added before its program writes.
    if (problem === undefined)
      return ok({ bytes: Buffer.alloc(0), files: [], isWhole: true, writtenMs: null });
    const { path: file, why } = problem;
    return err(
      why === 'LOG_NOT_A_FILE'
        ? appError('LOG_NOT_A_FILE', { file }, { field: 'path' })
        : appError('LOG_FILE_UNREADABLE', { file, why }, { field: 'path' }),
    );
  }
  try {
    const handle = openSync(first.path, 'r');
    try {
      const bytes = readAt(handle, 0, HEAD_BYTES);
      return ok({
        bytes,
        files: found.files.map(({ path }) => path),
        isWhole: bytes.length < HEAD_BYTES,
        writtenMs: first.mtimeMs,
      });
    } finally {
      closeSync(handle);
    }
  } catch (thrown) {
    return err(
      appError('LOG_FILE_UNREADABLE', { file: first.path, why: describeThrown(thrown) }, { field: 'path' }),
    );
  }
}

function testedLine(
  text: string,
  event: RawLine,
  context: {
    readonly parser: LineParser;
    readonly format: string;
    readonly nearMs: number;
    readonly nowMs: number;
  },
  line: number,
  lines: number,
): TestedLine {
  const { parser, format, nearMs, nowMs } = context;
  const parsed = parser.parse(text, nearMs);
  const isEmpty = text.trim() === '';
  const mismatch = parsed !== null || isEmpty ? null : (parser.explain?.(text, nearMs) ?? unlike(format));
  const time = parsed?.time ?? null;
  const flags: TestedLine['flags'] = [];
  if (time === null) flags.push('no_time');
  else if (time > nowMs + CLOCK_OFF_MS) flags.push('future');
  if (event.fullBytes > 0) flags.push('truncated');
  if (text.includes('\uFFFD')) flags.push('not_utf8');
  return {
    line,
    lines,
    text: text.slice(0, SHOWN_TEXT),
    matched: parsed !== null || isEmpty,
    why: mismatch === null ? null : { ...mismatch.why },
    column: mismatch?.column ?? null,
    time,
    level: parsed?.level ?? 'unknown',
    message: (parsed?.message ?? text).slice(0, SHOWN_TEXT),
    fields: shownFields(text, parsed?.fields ?? {}),
    flags,
  };
}

/** Fields and where they stand: mostly each behind the one before it, so that a short value is not found in an earlier one. */
function shownFields(text: string, fields: Readonly<Record<string, string>>): TestedLine['fields'] {
  let from = 0;
  return Object.entries(fields).map(([name, value]) => {
    const behind = value === '' ? -1 : text.indexOf(value, from);
    const at = value === '' || behind >= 0 ? behind : text.indexOf(value);
    if (behind >= 0) from = behind + value.length;
    return { name, value: value.slice(0, SHOWN_TEXT), column: at < 0 ? null : at + 1 };
  });
}

/** What can be said of parsers that do not know where they failed. */
function unlike(format: string): Mismatch {
  const said: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
    syslog: {
      zh: '开头不是 syslog 的时间和主机名',
      en: 'it does not begin with the time and the host of syslog',
    },
    'time-level': { zh: '开头没有时间戳', en: 'it does not begin with a time stamp' },
    'web-error': { zh: '开头不是“时间 [级别]”', en: 'it does not begin with a time and a level in brackets' },
    klog: {
      zh: '开头不是级别字母和月日',
      en: 'it does not begin with the letter of a level and the month and day',
    },
    python: {
      zh: '开头不是“级别:名称:”或时间',
      en: 'it begins neither with LEVEL:name: nor with a time and a level',
    },
    kv: { zh: '行内没有“名=值”', en: 'it holds no key=value' },
  };
  const why = said[format] ?? { zh: '不符合此格式', en: 'it does not have this format' };
  return { column: 1, why };
}
