import { type FileHandle, open, rm } from 'node:fs/promises';
import { type Labels, labelValue, METRIC_NAME } from '#shared/domain/labels.ts';
import { SampleBuffer } from '#shared/domain/samples.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { publishFile } from '../../storage/durable.ts';
import type { StoredSeries } from '../store.ts';
import {
  type Described,
  type Family,
  familyOf,
  familyText,
  STALE_TEXT,
  seriesText,
  timeText,
  valueText,
} from './open-metrics-text.ts';

/** Samples that one read should give, which bounds the memory of a series of years. */
const READ_SAMPLES = 20_000;
const FIRST_READ_MS = 86_400_000;
const WRITE_BYTES = 1024 * 1024;

/** What is exported, [start, end] in UTC milliseconds, and where to. */
export type ExportOrder = {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly series: readonly StoredSeries[];
  readonly describe: (name: string) => Described | undefined;
};

/** What an export came to. */
export type ExportFacts = { readonly series: number; readonly samples: number; readonly bytes: number };

/** Lets scrapes have their turn; called after every few milliseconds of work. */
export type ExportControl = {
  readonly breathe: () => Promise<void>;
  readonly signal: AbortSignal;
  /** Series done, bytes written, and the metric at hand. */
  readonly progress: (series: number, bytes: number, current: string) => void;
};

type Placed = {
  readonly labels: Labels;
  readonly name: string;
  readonly family: Family;
  readonly stored: StoredSeries;
};

/**
 * Writes series as an OpenMetrics document with time stamps, families together, staleness markers as
 * {@link STALE_TEXT}. The file gets its name when it is complete.
 *
 * @throws what the file system throws; the unfinished file is removed then
 * @returns CANCELLED when the signal was aborted
 */
export async function exportOpenMetrics(
  order: ExportOrder,
  control: ExportControl,
): Promise<Result<ExportFacts>> {
  const temporary = `${order.path}.part`;
  const handle = await open(temporary, 'w', 0o600);
  let finished = false;
  try {
    const out = new TextFile(handle);
    const facts = await writeSeries(order, control, out);
    if (!facts.ok) return facts;
    await out.write('# EOF\n');
    await out.flush();
    await handle.sync();
    finished = true;
    return ok({ ...facts.value, bytes: out.bytes });
  } finally {
    await handle.close();
    if (finished) publishFile(temporary, order.path);
    else await rm(temporary, { force: true });
  }
}

async function writeSeries(
  order: ExportOrder,
  control: ExportControl,
  out: TextFile,
): Promise<Result<{ series: number; samples: number }>> {
  const buffer = new SampleBuffer();
  let family = '';
  let series = 0;
  let samples = 0;
  for (const one of placed(order)) {
    const prefix = seriesText(one.labels);
    let declared = one.family.family === family;
    let found = false;
    let span = FIRST_READ_MS;
    for (let from = order.start; from <= order.end; ) {
      await control.breathe();
      if (control.signal.aborted) return err(appError('CANCELLED'));
      one.stored.read(from, Math.min(order.end, from + span - 1), buffer);
      from += span;
      // Years of nothing are passed in a few reads, dense times in small ones.
      if (buffer.length < READ_SAMPLES / 4) span *= 2;
      else if (buffer.length > READ_SAMPLES) span = Math.max(60_000, Math.floor(span / 2));
      if (buffer.length === 0) continue;
      if (!declared) await out.write(familyText(one.family));
      declared = true;
      family = one.family.family;
      found = true;
      samples += buffer.length;
      await out.write(sampleLines(prefix, buffer));
    }
    if (found) series++;
    control.progress(series, out.bytes, one.name);
  }
  return ok({ series, samples });
}

/** The series in the order of the document: by family, metric and labels. */
function placed({ series, describe }: ExportOrder): readonly Placed[] {
  const families = new Map<string, Family>();
  const all = series.map((stored): Placed => {
    const name = labelValue(stored.labels, METRIC_NAME);
    const family = families.get(name) ?? familyOf(name, describe);
    families.set(name, family);
    return { labels: stored.labels, name, family, stored };
  });
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return all.sort(
    (a, b) =>
      compare(a.family.family, b.family.family) ||
      compare(a.name, b.name) ||
      compare(a.labels.join('\0'), b.labels.join('\0')),
  );
}

function sampleLines(prefix: string, samples: SampleBuffer): string {
  let text = '';
  for (let i = 0; i < samples.length; i++) {
    const value = samples.isStale(i) ? STALE_TEXT : valueText(samples.values[i] ?? 0);
    text += `${prefix} ${value} ${timeText(samples.times[i] ?? 0)}\n`;
  }
  return text;
}

/** A file that is written in large pieces. */
class TextFile {
  bytes = 0;
  readonly #handle: FileHandle;
  #waiting: string[] = [];
  #length = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async write(text: string): Promise<void> {
    this.#waiting.push(text);
    this.#length += text.length;
    if (this.#length >= WRITE_BYTES) await this.flush();
  }

  async flush(): Promise<void> {
    const buffer = Buffer.from(this.#waiting.join(''), 'utf8');
    this.#waiting = [];
    this.#length = 0;
    this.bytes += buffer.length;
    await this.#handle.appendFile(buffer);
  }
}
