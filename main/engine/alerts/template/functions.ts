import { RE2JS } from 're2js';
import { expandTemplate, goLower, goUpper } from '#shared/domain/relabel/go-text.ts';
import { describeThrown } from '#shared/errors/index.ts';
import { builtins, queryEscape } from './builtins.ts';
import { TemplateFault } from './fault.ts';
import { stripDomain, stripPort } from './host-port.ts';
import {
  humanize,
  humanize1024,
  humanizeDuration,
  humanizePercentage,
  toFloat,
  toMoment,
} from './humanize.ts';
import { general } from './printf.ts';
import { type GoFunction, sample, text, vector } from './signatures.ts';
import { goQuote } from './tokens.ts';
import { GoHtml, GoMap, type GoValue, GoVector, timeText } from './values.ts';

/** What the functions of one expansion need. */
export type FunctionSources = {
  /** The result of an instant query at the time of the evaluation. Throws {@link TemplateFault}. */
  readonly query: (expression: string) => GoVector;
  readonly externalUrl: string;
};

const LONGEST_PATTERN = 16_384;
const DURATION = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;
const UNITS_S = [31_536_000, 604_800, 86_400, 3_600, 60, 1, 0.001];

const stringFunction = (apply: (value: string) => GoValue): GoFunction => ({
  params: ['string'],
  call: ([value]) => apply(text(value)),
});

const numberFunction = (apply: (value: number) => GoValue): GoFunction => ({
  params: ['any'],
  call: ([value]) => apply(toFloat(value)),
});

function compile(pattern: string, prefix: string): RE2JS {
  if (pattern.length > LONGEST_PATTERN)
    throw new TemplateFault(`${prefix}longer than ${LONGEST_PATTERN} characters`);
  try {
    return RE2JS.compile(pattern);
  } catch (thrown) {
    throw new TemplateFault(prefix + describeThrown(thrown));
  }
}

function quotedPattern(pattern: string): string {
  return pattern.includes('`') ? goQuote(pattern) : `\`${pattern}\``;
}

/** `reReplaceAll`: Go's `ReplaceAllString`, where `$1x` is the group called `1x`. */
function replaceAll(pattern: string, replacement: string, input: string): string {
  const compiled = compile(pattern, `regexp: Compile(${quotedPattern(pattern)}): `);
  const matcher = compiled.matcher(input);
  const named = compiled.namedGroups();
  let out = '';
  let at = 0;
  let lastEnd = -1;
  while (matcher.find()) {
    const [start, end] = [matcher.start(), matcher.end()];
    // An empty match right behind a match does not count in Go.
    if (start === end && start === lastEnd) continue;
    out +=
      input.slice(at, start) +
      expandTemplate(replacement, { group: (index) => groupOf(matcher, index), named });
    at = end;
    lastEnd = end;
  }
  return out + input.slice(at);
}

function groupOf(matcher: ReturnType<RE2JS['matcher']>, index: number): string | null {
  return index <= matcher.groupCount() ? matcher.group(index) : null;
}

/** `strings.Title`: each first letter of a word in upper case. */
function title(value: string): string {
  return value.replace(/(^|[^\p{L}\p{Nd}_])(\p{L})/gu, (whole, before: string, letter: string) => {
    // Go takes every ASCII sign for a separator, of others only spaces.
    const separates = before === '' || before.charCodeAt(0) < 0x80 || /\s/.test(before);
    return separates ? before + goUpper(letter) : whole;
  });
}

/** A duration of Prometheus in seconds. */
function parseDuration(value: string): number {
  if (value === '0') return 0;
  if (value === '') throw new TemplateFault('empty duration string');
  const parts = DURATION.exec(value);
  if (parts === null) throw new TemplateFault(`not a valid duration string: ${goQuote(value)}`);
  const ms = UNITS_S.reduce((sum, unit, index) => sum + Number(parts[index + 1] ?? 0) * unit * 1000, 0);
  if (ms > 9_223_372_036_854) throw new TemplateFault('duration out of range');
  return ms / 1000;
}

const graph = (tab: number): GoFunction =>
  stringFunction((expression) => `/graph?g0.expr=${queryEscape(expression)}&g0.tab=${tab}`);

const constants: Readonly<Record<string, GoFunction>> = {
  first: {
    params: ['vector'],
    call: ([value]) => {
      const [first] = vector(value);
      if (first === undefined) throw new TemplateFault('first() called on vector with no elements');
      return first;
    },
  },
  label: {
    params: ['string', 'sample'],
    call: ([name, of]) => sample(of).labels.entries.get(text(name)) ?? '',
  },
  value: { params: ['sample'], call: ([of]) => sample(of).value },
  strvalue: { params: ['sample'], call: ([of]) => sample(of).labels.entries.get('__value__') ?? '' },
  args: {
    params: [],
    rest: 'any',
    call: (args) => new GoMap(new Map(args.map((arg, index) => [`arg${index}`, arg])), 'any'),
  },
  reReplaceAll: {
    params: ['string', 'string', 'string'],
    call: ([pattern, replacement, input]) => replaceAll(text(pattern), text(replacement), text(input)),
  },
  match: {
    params: ['string', 'string'],
    call: ([pattern, input]) => compile(text(pattern), '').matcher(text(input)).find(),
  },
  safeHtml: stringFunction((value) => new GoHtml(value)),
  title: stringFunction(title),
  toUpper: stringFunction(goUpper),
  toLower: stringFunction(goLower),
  graphLink: graph(0),
  tableLink: graph(1),
  sortByLabel: {
    params: ['string', 'vector'],
    call: ([name, value]) => {
      const of = text(name);
      const key = (index: GoVector['samples'][number]): Buffer =>
        Buffer.from(String(index.labels.entries.get(of) ?? ''));
      return new GoVector([...vector(value)].sort((a, b) => Buffer.compare(key(a), key(b))));
    },
  },
  stripPort: stringFunction(stripPort),
  stripDomain: stringFunction(stripDomain),
  humanize: numberFunction(humanize),
  humanize1024: numberFunction(humanize1024),
  humanizeDuration: numberFunction(humanizeDuration),
  humanizePercentage: numberFunction(humanizePercentage),
  humanizeTimestamp: numberFunction((value) => {
    const moment = toMoment(value);
    return moment === null ? general(value, 4) : timeText(moment.ms);
  }),
  toTime: numberFunction((value) => {
    const moment = toMoment(value);
    if (moment === null) throw new TemplateFault('value is NaN or Inf');
    return moment;
  }),
  parseDuration: stringFunction(parseDuration),
};

const OWN: ReadonlySet<string> = new Set(['query', 'externalURL', 'pathPrefix']);

/** Whether templates of rules have a function of that name (template/template.go of Prometheus 2.42). */
export function isTemplateFunction(name: string): boolean {
  return OWN.has(name) || Object.hasOwn(constants, name) || Object.hasOwn(builtins, name);
}

/** The functions of one expansion by name. */
export function functionsOf({
  query,
  externalUrl,
}: FunctionSources): (name: string) => GoFunction | undefined {
  const own: Readonly<Record<string, GoFunction>> = {
    query: { params: ['string'], call: ([expression]) => query(text(expression)) },
    externalURL: { params: [], call: () => externalUrl },
    pathPrefix: { params: [], call: () => pathOf(externalUrl) },
  };
  return (name) => {
    for (const table of [own, constants, builtins]) if (Object.hasOwn(table, name)) return table[name];
    return undefined;
  };
}

function pathOf(url: string): string {
  const found = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*([^?#]*)/i.exec(url);
  return found?.[1] ?? '';
}
