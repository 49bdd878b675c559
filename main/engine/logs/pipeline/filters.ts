import type { PipelineFilter } from '#shared/contract/logs-pipelines.ts';
import { isTimeZone } from '#shared/domain/zone-offset.ts';
import { compileGrok, type GrokType } from '../parse/grok.ts';
import { dateReader } from './dates.ts';
import type { WorkEvent } from './event.ts';
import { Fault } from './fault.ts';
import { patternFinder } from './mask.ts';
import { compileMutate } from './mutate.ts';
import { fieldName } from './reader.ts';
import { badDates, compileTemplate } from './template.ts';
import { compileDissect, compileJson, compileKv } from './texts.ts';

/** What a filter made of an event; `nothing`: it was not concerned, so that its common options do not apply either. */
export type FilterOutcome = 'ok' | 'failed' | 'drop' | 'nothing';
/** A filter that is ready: without its condition, with its common options. */
export type CompiledFilter = (event: WorkEvent) => FilterOutcome;

type Kind<K extends PipelineFilter['kind']> = Extract<PipelineFilter, { readonly kind: K }>;

/** Compiles a filter; what cannot be used is thrown as {@link Fault}. */
export function compileFilter(filter: PipelineFilter): CompiledFilter {
  checkTemplates(filter);
  const run = compileKind(filter);
  const done = compileCommon(filter);
  const failureTags = failureTagsOf(filter);
  return (event) => {
    const outcome = run(event);
    if (outcome === 'ok') done(event);
    else if (outcome === 'failed') for (const tag of failureTags) event.tag(tag);
    return outcome;
  };
}

/** The filter in a few words, as it is shown beside its counters. */
export function filterLabel(filter: PipelineFilter): string {
  const names = (object: object | undefined): string => Object.keys(object ?? {}).join(', ');
  switch (filter.kind) {
    case 'drop':
      return 'drop';
    case 'stream':
      return `stream ${filter.stream}`;
    case 'mask':
      return `mask ${filter.pattern}`;
    case 'grok':
      return `grok ${filter.match.map(({ field }) => field).join(', ')}`;
    case 'date':
      return `date ${filter.field}`;
    case 'json':
      return `json ${filter.source}`;
    case 'kv':
      return `kv ${filter.source ?? 'message'}`;
    case 'dissect':
      return `dissect ${names(filter.mapping)}`;
    case 'mutate': {
      const { kind: _kind, when: _when, ...options } = filter;
      return `mutate ${names(options)}`.trim();
    }
  }
}

function failureTagsOf(filter: PipelineFilter): readonly string[] {
  switch (filter.kind) {
    case 'grok':
      return filter.tagOnFailure ?? ['_grokparsefailure'];
    case 'date':
      return filter.tagOnFailure ?? ['_dateparsefailure'];
    case 'json':
      return filter.tagOnFailure ?? ['_jsonparsefailure'];
    case 'dissect':
      return filter.tagOnFailure ?? ['_dissectfailure'];
    default:
      return [`_${filter.kind}failure`];
  }
}

/** Dates are written in the texts of these options only; `%{+name}` of dissect is something else. */
function checkTemplates(filter: PipelineFilter): void {
  const { update = {}, replace = {} } = filter.kind === 'mutate' ? filter : {};
  const texts = [update, replace, filter.addField ?? {}].flatMap((option) => Object.values(option));
  for (const pattern of texts.flatMap(badDates))
    throw new Fault({
      zh: `日期格式 %{+${pattern}} 不支持`,
      en: `the date format %{+${pattern}} is not taken`,
    });
}

function compileKind(filter: PipelineFilter): CompiledFilter {
  switch (filter.kind) {
    case 'drop':
      return () => 'drop';
    case 'stream':
      return (event) => {
        event.stream = filter.stream;
        return 'ok';
      };
    case 'mutate': {
      const change = compileMutate(filter);
      return (event) => {
        change(event);
        return 'ok';
      };
    }
    case 'grok':
      return compileGrokFilter(filter);
    case 'date':
      return compileDateFilter(filter);
    case 'json':
      return compileJson(filter);
    case 'kv':
      return compileKv(filter);
    case 'dissect': {
      const parts = Object.entries(filter.mapping).map(([field, mapping]) => compileDissect(field, mapping));
      return (event) => {
        const outcomes = parts.map((part) => part(event));
        if (outcomes.includes('failed')) return 'failed';
        return outcomes.includes('ok') ? 'ok' : 'nothing';
      };
    }
    case 'mask':
      return compileMaskFilter(filter);
  }
}

function compileGrokFilter(filter: Kind<'grok'>): CompiledFilter {
  const definitions = new Map(Object.entries(filter.definitions ?? {}));
  const overwrite = new Set((filter.overwrite ?? []).map(fieldName));
  const match = filter.match.map(({ field, patterns }) => ({
    field: fieldName(field),
    patterns: patterns.map((pattern) => {
      const compiled = compileGrok(pattern, definitions);
      if (!compiled.ok) throw new Fault(compiled.error.message);
      return compiled.value;
    }),
  }));
  return (event) => {
    let any = false;
    for (const { field, patterns } of match) {
      const text = event.textOf(field);
      if (text === undefined) continue;
      for (const pattern of patterns) {
        const found = pattern.match(text);
        if (found === null) continue;
        any = true;
        for (const [name, value] of Object.entries(found)) {
          if (value === '' && filter.keepEmpty !== true) continue;
          const typed = numberText(value, pattern.types.get(name));
          // As in Logstash, a field that is there becomes a list, unless it is to be overwritten.
          if (overwrite.has(name) || event.get(name) === typed) event.set(name, typed);
          else if (name !== 'message') event.add(name, typed);
        }
        if (filter.breakOnMatch !== false) break;
      }
      if (any && filter.breakOnMatch !== false) break;
    }
    return any ? 'ok' : 'failed';
  };
}

function numberText(value: string, type: GrokType | undefined): string {
  if (type === undefined) return value;
  const number = type === 'int' ? Math.trunc(Number(value)) : Number(value);
  return Number.isFinite(number) && value.length < 16 ? String(number) : value;
}

function compileDateFilter(filter: Kind<'date'>): CompiledFilter {
  const zone = filter.zone ?? '';
  if (zone !== '' && !isTimeZone(zone))
    throw new Fault({ zh: `没有时区“${zone}”`, en: `there is no time zone "${zone}"` });
  const readers = filter.formats.map((format) => dateReader(format, zone));
  const field = fieldName(filter.field);
  const target = filter.target === undefined ? '@timestamp' : fieldName(filter.target);
  return (event) => {
    const text = event.textOf(field);
    // As in Logstash: without the field there is nothing to fail at.
    if (text === undefined) return 'nothing';
    for (const reader of readers) {
      const time = reader(text, event.input.time);
      if (time === null) continue;
      if (target === '@timestamp') event.time = time;
      else event.set(target, new Date(time).toISOString());
      return 'ok';
    }
    return 'failed';
  };
}

function compileMaskFilter(filter: Kind<'mask'>): CompiledFilter {
  const finder = patternFinder(filter.pattern);
  if (!finder.ok) throw new Fault(finder.error.message);
  const replacement = filter.replacement ?? '[masked]';
  const masked = (text: string): string => {
    let out = '';
    let at = 0;
    finder.value(text, (start, end) => {
      if (start < at) return;
      out += text.slice(at, start) + replacement;
      at = end;
    });
    return at === 0 ? text : out + text.slice(at);
  };
  return (event) => {
    event.hide(masked);
    return 'ok';
  };
}

function compileCommon(filter: PipelineFilter): (event: WorkEvent) => void {
  const added = Object.entries(filter.addField ?? {}).map(
    ([name, text]) => [compileTemplate(name), compileTemplate(text)] as const,
  );
  const removed = (filter.removeField ?? []).map(compileTemplate);
  const tags = (filter.addTag ?? []).map(compileTemplate);
  const untags = (filter.removeTag ?? []).map(compileTemplate);
  return (event) => {
    for (const [name, text] of added) event.add(fieldName(name(event)), text(event));
    for (const name of removed) event.remove(fieldName(name(event)));
    for (const tag of tags) event.tag(tag(event));
    for (const tag of untags) event.untag(tag(event));
  };
}
