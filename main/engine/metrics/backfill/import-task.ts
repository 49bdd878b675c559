import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { JobProgress } from '#shared/contract/jobs.ts';
import { compareLabels, type Labels, labelsFromPairs, labelsKey } from '#shared/domain/labels.ts';
import { NAN_HI, NAN_LO, STALE_HI, STALE_LO } from '#shared/domain/samples.ts';
import { appError, type Bilingual, err, ok, type Result } from '#shared/errors/index.ts';
import type { TaskContext } from '../../platform/worker-tasks.ts';
import { ioError } from '../../storage/io-error.ts';
import type { OpenMetricsParser } from '../exposition/openmetrics.ts';
import { buildDay, type ImportedSeries } from './build-day.ts';
import { STALE_TEXT } from './open-metrics-text.ts';
import { readOpenMetrics } from './read-open-metrics.ts';
import { Staging } from './staging.ts';

/** What the import's thread is started with. `folder` is scratch and belongs to this import alone. */
const importDataSchema = z.object({
  file: z.string(),
  folder: z.string(),
  /** UTC milliseconds; samples later than this are refused. */
  latest: z.number(),
});

/** What an import's file holds. Times in UTC milliseconds; null when it holds no sample. */
export type ImportFacts = {
  readonly samples: number;
  readonly doubled: number;
  readonly series: number;
  readonly start: number | null;
  readonly end: number | null;
};

/** A finished import: partitions under names that do not count yet. */
export type ImportBuilt = ImportFacts & {
  readonly days: readonly { readonly start: number; readonly end: number; readonly path: string }[];
  readonly metadata: readonly { readonly name: string; readonly part: string; readonly text: string }[];
};

/** More series than a site can have are a mistake; the limit bounds the memory of the import. */
const MOST_SERIES = 2_000_000;
const MOST_METADATA = 50_000;

const NO_TIME: Bilingual = {
  zh: '样本没有时间戳，无法确定它属于何时',
  en: 'the sample has no time stamp, so it cannot be placed in time',
};
const TOO_LATE: Bilingual = {
  zh: '时间戳在将来；请核对本机时钟与文件中的单位（OpenMetrics 以秒计）',
  en: 'the time stamp lies in the future; check the clock, and the unit in the file (OpenMetrics counts seconds)',
};
const TOO_EARLY: Bilingual = { zh: '时间戳早于 1970 年', en: 'the time stamp lies before 1970' };
const TOO_MANY: Bilingual = {
  zh: `文件中的序列超过 ${MOST_SERIES.toLocaleString('en')} 条`,
  en: `the file has more than ${MOST_SERIES.toLocaleString('en')} series`,
};

/** Reads a whole file before anything is built, so that a broken one changes nothing; then builds a partition a day. */
export async function runImport(data: unknown, context: TaskContext): Promise<Result<ImportBuilt>> {
  const parsed = importDataSchema.parse(data);
  const built = await readAndBuild(parsed, context);
  if (!built.ok) rmSync(parsed.folder, { recursive: true, force: true });
  return built;
}

async function readAndBuild(
  { file, folder, latest }: z.infer<typeof importDataSchema>,
  context: TaskContext,
): Promise<Result<ImportBuilt>> {
  const tell = (progress: JobProgress): void => context.post(progress);
  try {
    mkdirSync(folder, { recursive: true });
    const intake = new Intake(folder, latest);
    const total = statSync(file).size;
    const began = performance.now();
    const read = await readOpenMetrics(
      file,
      {
        sample: intake.sample,
        metadata: intake.metadata,
        progress: (bytes) => tell(progressOf(READING, 'bytes', bytes, total, began, file)),
      },
      context.signal,
    );
    if (!read.ok) return read;
    return buildAll(folder, intake, context.signal, tell);
  } catch (thrown) {
    return err(ioError(folder, thrown));
  }
}

const READING: Bilingual = { zh: '读取文件', en: 'Reading the file' };
const BUILDING: Bilingual = { zh: '写入分区', en: 'Writing partitions' };

function progressOf(
  phase: Bilingual,
  unit: JobProgress['unit'],
  done: number,
  total: number,
  began: number,
  current: string,
): JobProgress {
  const seconds = Math.max(0.001, (performance.now() - began) / 1000);
  const rate = done / seconds;
  const etaMs = rate > 0 ? ((total - done) / rate) * 1000 : null;
  return { phase, done, total, unit, rate, etaMs, current, filesDone: 0 };
}

async function buildAll(
  folder: string,
  intake: Intake,
  signal: AbortSignal,
  tell: (progress: JobProgress) => void,
): Promise<Result<ImportBuilt>> {
  const series = intake.series();
  const days = intake.staging
    .finish()
    .map((day) => ({ ...day, staged: day.path, path: join(folder, `${day.start}.db`) }));
  const began = performance.now();
  let samples = 0;
  let doubled = 0;
  for (const [index, day] of days.entries()) {
    // A cancel arrives as a message, which is only read between two turns of the thread.
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) return err(appError('CANCELLED'));
    const built = buildDay(day, series);
    if (!built.ok) return built;
    rmSync(day.staged);
    samples += built.value.samples;
    doubled += built.value.doubled;
    tell(progressOf(BUILDING, 'files', index + 1, days.length, began, day.path));
  }
  return ok({
    samples,
    doubled,
    series: series.labels.length,
    start: Number.isFinite(intake.start) ? intake.start : null,
    end: Number.isFinite(intake.end) ? intake.end : null,
    days: days.map(({ start, end, path }) => ({ start, end, path })),
    metadata: intake.described,
  });
}

/** Takes the entries of the file in: numbers the series, and stages the samples. */
class Intake {
  readonly staging: Staging;
  readonly described: { name: string; part: string; text: string }[] = [];
  start = Number.POSITIVE_INFINITY;
  end = Number.NEGATIVE_INFINITY;
  readonly #latest: number;
  readonly #labels: Labels[] = [];
  /** Series by the bytes of their series part, and by their labels; the same series may be written in several ways. */
  readonly #byText = new Map<string, number>();
  readonly #byLabels = new Map<string, number>();
  #lastText = '';
  #lastId = -1;
  readonly #value = new Float64Array(1);
  readonly #bits = new Uint32Array(this.#value.buffer);

  constructor(folder: string, latest: number) {
    this.staging = new Staging(folder);
    this.#latest = latest;
  }

  readonly sample = (body: Uint8Array, parser: OpenMetricsParser): Bilingual | null => {
    if (!parser.hasTime) return NO_TIME;
    if (parser.time < 0) return TOO_EARLY;
    if (parser.time > this.#latest) return TOO_LATE;
    const id = this.#seriesOf(body, parser);
    if (id === null) return parser.error;
    if (this.#labels.length > MOST_SERIES) return TOO_MANY;
    if (parser.time < this.start) this.start = parser.time;
    if (parser.time > this.end) this.end = parser.time;
    const [hi, lo] = this.#bitsOf(body, parser);
    this.staging.add(parser.time, hi, lo, id);
    return null;
  };

  readonly metadata = (name: string, part: string, text: string): void => {
    if (this.described.length < MOST_METADATA) this.described.push({ name, part, text });
  };

  /** The series, and the order of their labels. */
  series(): ImportedSeries {
    const ids = this.#labels.map((_, id) => id);
    ids.sort((a, b) => compareLabels(this.#labels[a] ?? [], this.#labels[b] ?? []));
    const order = new Uint32Array(ids.length);
    for (const [place, id] of ids.entries()) order[id] = place;
    return { labels: this.#labels, order };
  }

  #seriesOf(body: Uint8Array, parser: OpenMetricsParser): number | null {
    const { seriesStart, seriesEnd } = parser;
    const text = Buffer.from(body.buffer, body.byteOffset + seriesStart, seriesEnd - seriesStart).toString(
      'latin1',
    );
    if (text === this.#lastText) return this.#lastId;
    let id = this.#byText.get(text);
    if (id === undefined) {
      const pairs = parser.pairs();
      if (pairs === null) return null;
      const labels = labelsFromPairs(pairs);
      const key = labelsKey(labels);
      id = this.#byLabels.get(key);
      if (id === undefined) {
        id = this.#labels.length;
        this.#labels.push(labels);
        this.#byLabels.set(key, id);
      }
      this.#byText.set(text, id);
    }
    this.#lastText = text;
    this.#lastId = id;
    return id;
  }

  #bitsOf(body: Uint8Array, parser: OpenMetricsParser): readonly [number, number] {
    if (Number.isNaN(parser.value)) {
      const at = parser.seriesEnd + 1;
      const stale =
        Buffer.from(body.buffer, body.byteOffset + at, STALE_TEXT.length).toString('latin1') === STALE_TEXT;
      return stale ? [STALE_HI, STALE_LO] : [NAN_HI, NAN_LO];
    }
    this.#value[0] = parser.value;
    return [this.#bits[1] ?? 0, this.#bits[0] ?? 0];
  }
}
