import type * as z from 'zod';
import type { ScrapeConfig, testStepSchema } from '#shared/contract/hosts.ts';
import type { Result } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import type { Clock } from '../platform/clock.ts';
import { requestError } from '../platform/http/request-errors.ts';
import type { ScrapeClient } from './http/scrape-client.ts';
import { placeOf } from './http/scrape-request.ts';
import { ingestSpec } from './ingest-spec.ts';
import { PROBE_CONTENT_TYPE } from './probes/check-probe.ts';
import type { TargetProbe } from './probes/target-probe.ts';
import type { InspectExposition } from './types.ts';

/** One step of trying a target. */
export type TrialStep = z.infer<typeof testStepSchema>;

/** What trying a target showed. */
export type Trial = {
  readonly steps: TrialStep[];
  readonly samples: number;
  readonly sampleNames: string[];
};

type TrialParts = { readonly inspect: InspectExposition; readonly clock: Clock };

/** Names shown of what was found. */
const MOST_NAMES = 200;

/**
 * Scrapes a target once without storing anything, and tells the parts apart: resolve, connect, tls, request, parse.
 *
 * A step that failed carries the error; the steps after it are missing. Redirects and a repeated connection add
 * further steps of the same name.
 */
export async function tryTarget(
  config: ScrapeConfig,
  signal: AbortSignal,
  deps: TrialParts & { readonly client: ScrapeClient },
): Promise<Trial> {
  const { clock } = deps;
  const steps: TrialStep[] = [];
  const place = placeOf(config);
  const start = clock.monotonic();
  let connectedAt = start;
  const answer = await deps.client.fetch(config, signal, (step, { durationMs, detail, error }) => {
    connectedAt = clock.monotonic();
    const failure = error ? requestError(error, false, place) : null;
    steps.push({
      step,
      ok: error === null,
      durationMs,
      detail: detail || (error?.message ?? ''),
      error: failure,
    });
  });
  const ended = clock.monotonic();
  if (!answer.ok) {
    const last = steps.at(-1);
    if (last?.error) return { steps, samples: 0, sampleNames: [] };
    const { code } = answer.error;
    // A connection that ran out of time has not told of its end.
    const connecting = last === undefined && ['SCRAPE_CONNECT_TIMEOUT', 'SCRAPE_NAME_TIMEOUT'].includes(code);
    steps.push({
      step: connecting ? (code === 'SCRAPE_NAME_TIMEOUT' ? 'resolve' : 'connect') : 'request',
      ok: false,
      durationMs: ended - connectedAt,
      detail: answer.error.detail ?? '',
      error: answer.error,
    });
    return { steps, samples: 0, sampleNames: [] };
  }
  const { status, body, contentType } = answer.value;
  steps.push({
    step: 'request',
    ok: true,
    durationMs: ended - connectedAt,
    detail: `HTTP ${status}, ${formatBytes(body.byteLength)}, ${contentType ?? 'no content type'}`,
    error: null,
  });
  return { steps, ...parse(config, body, contentType, deps, steps) };
}

/** Makes a check once without storing anything, and tells its parts apart: resolve, connect, then what it leaves. */
export async function tryProbe(
  config: ScrapeConfig,
  signal: AbortSignal,
  deps: TrialParts & { readonly probe: TargetProbe },
): Promise<Trial> {
  const steps: TrialStep[] = [];
  const answer = await deps.probe(config, signal, (step, { durationMs, detail, error }) => {
    steps.push({
      step,
      ok: error === null,
      durationMs,
      detail: detail || (error?.message ?? ''),
      error: error ? requestError(error, false, placeOf(config)) : null,
    });
  });
  if (answer.error !== null) return { steps, samples: 0, sampleNames: [] };
  return { steps, ...parse(config, answer.body, PROBE_CONTENT_TYPE, deps, steps) };
}

/** Reads figures that no HTTP server gives once without storing anything; there is no connection of ours to tell of. */
export async function tryFigures(
  config: ScrapeConfig,
  deps: TrialParts & {
    readonly read: () => Promise<Result<Uint8Array>>;
    readonly contentType: string;
  },
): Promise<Trial> {
  const start = deps.clock.monotonic();
  const figures = await deps.read();
  const durationMs = deps.clock.monotonic() - start;
  if (!figures.ok) {
    const { error } = figures;
    const detail = error.detail ?? '';
    return {
      steps: [{ step: 'request', ok: false, durationMs, detail, error }],
      samples: 0,
      sampleNames: [],
    };
  }
  const detail = formatBytes(figures.value.byteLength);
  const steps: TrialStep[] = [{ step: 'request', ok: true, durationMs, detail, error: null }];
  return { steps, ...parse(config, figures.value, deps.contentType, deps, steps) };
}

/** Parses a body as the last step; adds the step to `steps`. */
function parse(
  config: ScrapeConfig,
  body: Uint8Array,
  contentType: string | null,
  { clock, inspect }: TrialParts,
  steps: TrialStep[],
): Omit<Trial, 'steps'> {
  const start = clock.monotonic();
  const parsed = inspect(body, contentType, ingestSpec(config));
  const durationMs = clock.monotonic() - start;
  if (!parsed.ok) {
    const { error } = parsed;
    steps.push({ step: 'parse', ok: false, durationMs, detail: error.detail ?? '', error });
    return { samples: 0, sampleNames: [] };
  }
  const { samples, kept, names } = parsed.value;
  const dropped = kept < samples ? `, ${samples - kept} dropped by metric_relabel_configs` : '';
  steps.push({
    step: 'parse',
    ok: true,
    durationMs,
    detail: `${samples} samples, ${names.length} names${dropped}`,
    error: null,
  });
  return { samples, sampleNames: [...names].slice(0, MOST_NAMES) };
}
