import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { IngestReport, ScrapeSink, ScrapeTargetSpec } from '../../main/engine/collect/scrape-sink.ts';

/** One scrape as the sink saw it. */
export type SunkScrape =
  | {
      readonly kind: 'up';
      readonly time: number;
      readonly body: string;
      readonly contentType: string | null;
      readonly samples: number;
    }
  | { readonly kind: 'down'; readonly time: number }
  | { readonly kind: 'end'; readonly time: number };

/** One target as the sink saw it. */
export type SunkTarget = { readonly spec: ScrapeTargetSpec; readonly scrapes: SunkScrape[] };

/** A sink that keeps scrapes in memory; its parser only counts lines that look like samples. */
export type MemorySink = ScrapeSink & {
  readonly targets: SunkTarget[];
  readonly of: (job: string) => SunkTarget;
};

const SAMPLE = /^[a-zA-Z_:][a-zA-Z0-9_:]*(\{.*\})? (\S+)( \d+)?$/;

/** Counts the samples of an exposition; a line that is none of it is refused with its number. */
export function countSamples(body: Uint8Array): Result<{ samples: number; kept: number; names: string[] }> {
  const names = new Set<string>();
  let samples = 0;
  for (const [index, line] of Buffer.from(body).toString('utf8').split('\n').entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const name = SAMPLE.exec(line) ? (/^[^{ ]+/.exec(line)?.[0] ?? '') : null;
    if (name === null)
      return err(appError('EXPOSITION_INVALID', { line: index + 1, why: 'no sample' }, { line: index + 1 }));
    names.add(name);
    samples += 1;
  }
  return ok({ samples, kept: samples, names: [...names] });
}

/** Makes an empty sink. */
export function memorySink(): MemorySink {
  const targets: SunkTarget[] = [];
  const report = (scraped: number): IngestReport => ({ scraped, added: scraped, seriesAdded: 0 });
  return {
    targets,
    of: (job) => {
      const found = targets.findLast(({ spec }) => spec.labels.job === job);
      if (!found) throw new Error(`no target of job ${job}`);
      return found;
    },
    openTarget: (spec) => {
      const target: SunkTarget = { spec, scrapes: [] };
      targets.push(target);
      return {
        succeed: ({ time, body, contentType }) => {
          const counted = countSamples(body);
          if (!counted.ok) {
            target.scrapes.push({ kind: 'down', time });
            return counted;
          }
          const { samples } = counted.value;
          target.scrapes.push({
            kind: 'up',
            time,
            body: Buffer.from(body).toString('utf8'),
            contentType,
            samples,
          });
          return ok(report(samples));
        },
        fail: ({ time }) => {
          target.scrapes.push({ kind: 'down', time });
          return ok(report(0));
        },
        end: (time) => {
          target.scrapes.push({ kind: 'end', time });
        },
      };
    },
  };
}
