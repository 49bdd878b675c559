import type { LogLevel } from '#shared/contract/logs.ts';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import type { FormatSpec } from '../model.ts';
import { accessParser } from './access.ts';
import { compileGrokFormat } from './grok.ts';
import { jsonParser } from './json.ts';
import { keyValueParser } from './key-value.ts';
import { klogParser } from './klog.ts';
import { logfmtParser } from './logfmt.ts';
import type { Mismatch } from './mismatch.ts';
import { eventOf } from './named.ts';
import { patternParser } from './pattern.ts';
import { plainParser } from './plain.ts';
import { pythonParser } from './python.ts';
import type { HeadReader } from './quick.ts';
import { syslogParser } from './syslog.ts';
import { timeLevelParser } from './time-level.ts';
import { webErrorParser } from './web-error.ts';
import { type ZoneClock, zoneClock } from './zone.ts';

/** What a line says, as far as it says it. */
export type ParsedLine = {
  /** UTC milliseconds; null when the line carries no time. */
  readonly time: number | null;
  /** Null when the line carries none. */
  readonly level: LogLevel | null;
  readonly message: string;
  readonly fields: Readonly<Record<string, string>>;
};

/** Reads lines of one format. It never throws, whatever the text. */
export type LineParser = {
  readonly name: string;
  /**
   * @param text one line without its line end
   * @param nearMs about when the line was written; picks the year of stamps without one
   * @returns null when the line does not have this format
   */
  readonly parse: (text: string, nearMs: number) => ParsedLine | null;
  /** Time and level of a line from its bytes, where they are plain to see. */
  readonly head?: HeadReader;
  /** Where and why a line does not have this format; null when it has, or the parser cannot tell more than that. */
  readonly explain?: (text: string, nearMs: number) => Mismatch | null;
};

/** The built-in formats, in the order in which detection prefers them. */
export const BUILT_IN_FORMATS = [
  'json',
  'klog',
  'access',
  'web-error',
  'syslog',
  'logfmt',
  'time-level',
  'python',
  'kv',
  'plain',
] as const;
export type BuiltInFormat = (typeof BUILT_IN_FORMATS)[number];

const BUILT_IN: Readonly<Record<BuiltInFormat, (zone: ZoneClock) => LineParser>> = {
  json: jsonParser,
  klog: klogParser,
  access: accessParser,
  'web-error': webErrorParser,
  syslog: syslogParser,
  logfmt: logfmtParser,
  'time-level': timeLevelParser,
  python: pythonParser,
  kv: keyValueParser,
  plain: plainParser,
};

/** Says whether a format is one of the built-in ones. */
function isBuiltIn(format: string): format is BuiltInFormat {
  return Object.hasOwn(BUILT_IN, format);
}

/**
 * Makes the parser of a format; the zone must be known (`checkZone`).
 *
 * @returns LOG_FORMAT_INVALID, GROK_UNKNOWN or GROK_INVALID when a pattern cannot be used
 */
export function createParser(format: FormatSpec): Result<LineParser> {
  const zone = zoneClock(format.zone);
  if (isBuiltIn(format.spec)) return ok(BUILT_IN[format.spec](zone));
  if (format.spec.startsWith(GROK)) return grokParser(format.spec, zone);
  try {
    return patternParser(format.spec, zone);
  } catch (thrown) {
    return err(appError('LOG_FORMAT_INVALID', { format: format.spec, why: describeThrown(thrown) }));
  }
}

/** What a format that is a grok pattern begins with. */
const GROK = 'grok:';

function grokParser(spec: string, zone: ZoneClock): Result<LineParser> {
  const grok = compileGrokFormat(spec.slice(GROK.length));
  if (!grok.ok) return grok;
  return ok({
    name: spec,
    parse: (text, nearMs) => {
      const captured = grok.value.match(text);
      return captured === null ? null : eventOf(captured, text, nearMs, zone);
    },
    explain: (text) => (grok.value.match(text) === null ? grok.value.explain(text) : null),
  });
}

/** Keeps parsers, so that a format is compiled once. Formats read back from the store that no longer compile are read as plain. */
export function parserCache(): (format: FormatSpec) => LineParser {
  const parsers = new Map<string, LineParser>();
  return (format) => {
    const key = `${format.zone}\0${format.spec}`;
    let parser = parsers.get(key);
    if (!parser) {
      const made = createParser(format);
      parser = made.ok ? made.value : plainParser(zoneClock('UTC'));
      parsers.set(key, parser);
    }
    return parser;
  };
}
