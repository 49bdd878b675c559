import { formatDuration } from '../../units/duration.ts';
import { asRegex, formatDate, formatVariable, type VariableValue } from './formats.ts';

/** What references in texts stand for. */
export type Scope = {
  readonly variables: ReadonlyMap<string, VariableValue>;
  /** UTC milliseconds. */
  readonly from: number;
  readonly to: number;
  /** Between two points of the panel. */
  readonly stepMs: number;
  /** How often the panel's series are scraped. */
  readonly scrapeMs: number;
  readonly dashboard: string;
};

/** A range for `rate` that has two samples in it for sure: Grafana's rule. */
export function rateIntervalMs(stepMs: number, scrapeMs: number): number {
  return Math.max(stepMs + scrapeMs, 4 * scrapeMs);
}

/** `$name`, `[[name:format]]`, `${name.path:format}`. */
const REFERENCE = /\$(\w+)|\[\[(\w+?)(?::(\w+))?\]\]|\$\{(\w+)(?:\.([^:^}]+))?(?::([^}]+))?\}/g;

/** A value that the console knows by itself; null when the name is none of those. */
function ownValue(name: string, format: string, scope: Scope): string | null {
  const { from, to, stepMs, scrapeMs } = scope;
  const duration = (ms: number): string => formatDuration(Math.max(1, Math.round(ms)));
  const time = (ms: number): string => {
    if (format === 'date' || format.startsWith('date:')) return formatDate(ms, format.slice(5));
    return format === 'text' ? new Date(ms).toISOString() : String(ms);
  };
  switch (name) {
    case '__interval':
      return duration(stepMs);
    case '__interval_ms':
      return String(Math.max(1, Math.round(stepMs)));
    case '__rate_interval':
      return duration(rateIntervalMs(stepMs, scrapeMs));
    case '__rate_interval_ms':
      return String(rateIntervalMs(stepMs, scrapeMs));
    case '__range':
      // Whole seconds, as in Grafana.
      return `${Math.max(1, Math.round((to - from) / 1000))}s`;
    case '__range_s':
      return String(Math.max(1, Math.round((to - from) / 1000)));
    case '__range_ms':
      return String(Math.max(1, to - from));
    case '__from':
      return time(from);
    case '__to':
      return time(to);
    case '__dashboard':
      return scope.dashboard;
    case '__url_time_range':
      return `from=${from}&to=${to}`;
    case '__all_variables':
      return [...scope.variables.values()]
        .map((value) => formatVariable(value, 'queryparam') ?? '')
        .join('&');
    default:
      return null;
  }
}

type Reference = { readonly name: string; readonly path: string; readonly format: string };

function readReference(match: readonly (string | undefined)[]): Reference {
  const [, bare, bracketed, bracketFormat, braced, path, bracedFormat] = match;
  return {
    name: bare ?? bracketed ?? braced ?? '',
    path: path ?? '',
    format: bracketFormat ?? bracedFormat ?? '',
  };
}

/** What a reference stands for; null when nobody knows, and it stays as it is written. */
function resolve(
  { name, path, format }: Reference,
  scope: Scope,
  bare: (value: VariableValue) => string,
): string | null {
  if (path !== '') return null;
  const value = scope.variables.get(name);
  if (value === undefined) return ownValue(name, format, scope);
  return format === '' ? bare(value) : (formatVariable(value, format) ?? bare(value));
}

/** A title, text or link with its variables filled in; several values are joined by ` + `. */
export function interpolateText(text: string, scope: Scope, format = 'text'): string {
  return text.replace(REFERENCE, (whole, ...groups: (string | undefined)[]) => {
    const reference = readReference([whole, ...groups.slice(0, 6)]);
    return resolve(reference, scope, (value) => formatVariable(value, format) ?? '') ?? whole;
  });
}

type Quote = '"' | "'" | '`' | '';

/** A value as it must be written between quotes, so that it stays one text whatever is in it. */
function inQuotes(text: string, quote: Quote): string {
  if (quote === '') return text;
  // Nothing can be escaped between backticks; a label with one in it cannot be asked for there.
  if (quote === '`') return text.replaceAll('`', '');
  return text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`).replaceAll('\n', '\\n');
}

/** What a variable without a format is in an expression: as in Grafana, several values are a regular expression. */
function inExpression(value: VariableValue, quote: Quote): string {
  if (value.all !== null) return value.all;
  if (quote === '')
    return value.values.length === 1 ? (value.values[0] ?? '') : `(${value.values.join('|')})`;
  return inQuotes(value.several ? asRegex(value.values) : value.values.join(','), quote);
}

/**
 * PromQL with its variables filled in. A value inside a string is escaped for the quotes it stands in, so that a label that a
 * host brought along cannot end the string; outside of strings it is written as it is (a duration, a number, a metric).
 */
export function interpolateExpression(expr: string, scope: Scope): string {
  let out = '';
  let quote: Quote = '';
  let at = 0;
  let inComment = false;
  const reference = new RegExp(REFERENCE.source, 'y');
  while (at < expr.length) {
    const char = expr.charAt(at);
    if (char === '$' || char === '[') {
      reference.lastIndex = at;
      const match = reference.exec(expr);
      if (match !== null) {
        const found = readReference(match);
        const current = quote;
        const bare = (value: VariableValue): string => inExpression(value, current);
        out += formatted(found, scope, current, bare) ?? match[0];
        at += match[0].length;
        continue;
      }
    }
    if (inComment) inComment = char !== '\n';
    else if (quote === '') {
      if (char === '"' || char === "'" || char === '`') quote = char;
      else if (char === '#') inComment = true;
    } else if (char === '\\' && quote !== '`') {
      out += char + expr.charAt(at + 1);
      at += 2;
      continue;
    } else if (char === quote) quote = '';
    out += char;
    at++;
  }
  return out;
}

/** `regex` means a part of a regular expression, so it is escaped for the quotes as well; other formats are as they are asked for. */
function formatted(
  reference: Reference,
  scope: Scope,
  quote: Quote,
  bare: (value: VariableValue) => string,
): string | null {
  const value = scope.variables.get(reference.name);
  if (reference.format === 'regex' && value !== undefined && value.all === null)
    return inQuotes(asRegex(value.values), quote);
  return resolve(reference, scope, bare);
}
