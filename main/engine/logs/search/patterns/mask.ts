/**
 * What varies from line to line, as far as its shape says what it is. The order matters: a time holds numbers, an address
 * holds points. None of these expressions can match in more than one way from the same place, so they take linear time.
 */
const VARIABLE = new RegExp(
  [
    // Times: 2026-11-22T10:11:12.123Z, 10:11:12,123
    '(?<time>\\b\\d{4}-\\d\\d-\\d\\d(?:[T ]\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d{1,9})?(?:Z|[+-]\\d\\d:?\\d\\d)?)?|\\b\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d{1,9})?)',
    // Addresses: IPv4 with a port, IPv6 by its colons
    '(?<ip>\\b\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}(?::\\d{1,5})?\\b|\\b(?:[0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F]{1,4}\\b)',
    // Identifiers: UUIDs, 0x…, and words of eight or more hexadecimal digits with a digit among them
    '(?<id>\\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\\b|\\b0x[0-9a-fA-F]+\\b|\\b(?=[a-fA-F]{0,40}\\d)[0-9a-fA-F]{8,64}\\b)',
    // Numbers, with what they count
    '(?<num>(?<![\\w.])[-+]?\\d+(?:\\.\\d+)?(?=ms\\b|s\\b|%|B\\b|[KMGT]i?B\\b|\\b))',
  ].join('|'),
  'g',
);

/** Signs between which words stand; kept with the template, so that it reads as the line does. */
const MAX_CHARS = 2000;

/** Replaces what varies by its kind: `took 12 ms` → `took <num> ms`. */
export function maskVariables(message: string): string {
  const text = message.length > MAX_CHARS ? message.slice(0, MAX_CHARS) : message;
  const newline = text.indexOf('\n');
  // Of a stack trace the first line says what happened.
  const first = newline < 0 ? text : text.slice(0, newline);
  return first.replace(VARIABLE, (_all, time?: string, ip?: string, id?: string) => {
    if (time !== undefined) return '<time>';
    if (ip !== undefined) return '<ip>';
    return id !== undefined ? '<id>' : '<num>';
  });
}

/** The words of a masked line, with which lines are compared. */
export function patternTokens(masked: string): readonly string[] {
  return masked
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, MAX_TOKENS);
}

/** Words that are compared; what stands behind them varies. */
const MAX_TOKENS = 60;
