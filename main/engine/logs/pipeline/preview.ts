import type { LogEvent } from '#shared/contract/logs.ts';
import type { LogPipeline, PipelineEvent } from '#shared/contract/logs-pipelines.ts';
import { ok, type Result } from '#shared/errors/index.ts';
import { detectFormat } from '../parse/detect.ts';
import { createParser } from '../parse/parser.ts';
import { checkZone } from '../parse/zone.ts';
import type { StageEvent } from '../stage.ts';
import { compilePipeline, type Trace } from './compile.ts';
import type { WorkEvent } from './event.ts';
import type { Mask } from './mask.ts';
import { applyStage } from './stage.ts';

/** What one filter did to one event. */
type Trail = {
  step: number;
  label: string;
  effect: 'changed' | 'unchanged' | 'failed' | 'dropped' | 'masked';
  changed: string[];
};
/** One event before and after a pipeline. */
export type PreviewedEvent = { before: PipelineEvent; after: PipelineEvent | null; trail: Trail[] };

/** Lines that somebody pasted, with how they are to be read. */
export type LinesSample = {
  readonly text: string;
  readonly format: string;
  readonly zone: string;
  readonly source: string;
  readonly host: string;
  readonly path: string;
};

const MOST_LINES = 500;

/** Reads pasted lines as a source would; LOG_ZONE_UNKNOWN, or what the format is refused for. */
export function sampleOfLines(sample: LinesSample, nowMs: number): Result<readonly StageEvent[]> {
  const zone = checkZone(sample.zone);
  if (!zone.ok) return zone;
  const texts = sample.text
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .slice(0, MOST_LINES);
  const spec = sample.format === 'auto' ? detectFormat(texts, sample.zone, nowMs) : sample.format;
  const parser = createParser({ spec, zone: sample.zone });
  if (!parser.ok) return parser;
  const { source, host, path } = sample;
  return ok(
    texts.map((text) => {
      const parsed = parser.value.parse(text, nowMs);
      return {
        text,
        time: parsed?.time ?? nowMs,
        level: parsed?.level ?? 'unknown',
        message: parsed?.message ?? text,
        fields: parsed?.fields ?? {},
        ...{ source, host, path },
      };
    }),
  );
}

/** A stored event as it was before any pipeline, as far as that is known. */
export function sampleOfEvent(event: LogEvent): StageEvent {
  const { raw: text, time, level, message, fields, source, host } = event;
  return { text, time, level, message, fields, source, host, path: '' };
}

/** Shows what masking and a pipeline would make of events; LOG_PIPELINE_INVALID when it cannot be used. */
export function previewPipeline(
  pipeline: LogPipeline,
  mask: Mask | null,
  events: readonly StageEvent[],
): Result<{ events: PreviewedEvent[] }> {
  const compiled = compilePipeline(pipeline);
  if (!compiled.ok) return compiled;
  const previewed = events.map((event): PreviewedEvent => {
    const trail: Trail[] = [];
    let last: WorkEvent | null = null;
    const verdict = applyStage(event, mask, [compiled.value], {
      masked: (masked) =>
        trail.push({
          step: 0,
          label: 'mask',
          effect: 'masked',
          changed: differences(shown(event), shown(masked)),
        }),
      filter: (work): Trace => {
        last = work;
        let before = shownWork(work);
        return (step, label, outcome) => {
          const after = shownWork(work);
          const changed = differences(before, after);
          before = after;
          const effect = outcome === 'drop' ? 'dropped' : outcome === 'failed' ? 'failed' : null;
          trail.push({
            step,
            label,
            effect: effect ?? (changed.length > 0 ? 'changed' : 'unchanged'),
            changed,
          });
        };
      },
    });
    const work = last as WorkEvent | null;
    return {
      before: shown(event),
      after: verdict.keep && work !== null ? { ...shownWork(work), text: verdict.text } : null,
      trail,
    };
  });
  return ok({ events: previewed });
}

function shown(event: StageEvent): PipelineEvent {
  const { text, time, level, message, fields } = event;
  return { text, time, level, message, fields: { ...fields }, tags: [], stream: '' };
}

function shownWork(work: WorkEvent): PipelineEvent {
  const { text, time, level, stream, tags } = work;
  const message = work.shownMessage();
  return { text, time, level, message, fields: { ...work.fields() }, tags: [...tags], stream };
}

function differences(before: PipelineEvent, after: PipelineEvent): string[] {
  const changed: string[] = [];
  for (const part of ['text', 'time', 'level', 'message', 'stream'] as const)
    if (before[part] !== after[part]) changed.push(part);
  if (before.tags.join('\0') !== after.tags.join('\0')) changed.push('tags');
  for (const name of new Set([...Object.keys(before.fields), ...Object.keys(after.fields)]))
    if (before.fields[name] !== after.fields[name]) changed.push(name);
  return changed;
}
