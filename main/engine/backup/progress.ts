import type { JobProgress } from '#shared/contract/jobs.ts';
import type { Bilingual } from '#shared/errors/index.ts';
import { type RawPath, showPath } from '../platform/raw-path.ts';

const WINDOW_MS = 5_000;
const TELL_EVERY_MS = 100;

/** The phases of backup work, as operators read them. */
export const PHASES = {
  scanning: { zh: '扫描', en: 'Scanning' },
  writing: { zh: '写入', en: 'Writing' },
  verifying: { zh: '校验', en: 'Verifying' },
  cataloguing: { zh: '登记备份目录', en: 'Cataloguing' },
} as const satisfies Record<string, Bilingual>;

/** Turns what was done into progress with rate and time left, told at most ten times a second. */
export class ProgressMeter {
  readonly #monotonic: () => number;
  readonly #tell: (progress: JobProgress) => void;
  #phase: Bilingual = PHASES.scanning;
  #unit: JobProgress['unit'] = 'bytes';
  #total: number | null = null;
  #done = 0;
  #files = 0;
  #current = '';
  #toldAt = Number.NEGATIVE_INFINITY;
  #window: { readonly at: number; readonly done: number }[] = [];

  constructor(monotonic: () => number, tell: (progress: JobProgress) => void) {
    this.#monotonic = monotonic;
    this.#tell = tell;
  }

  /** Begins a phase from zero. */
  begin(phase: Bilingual, unit: JobProgress['unit'], total: number | null): void {
    this.#phase = phase;
    this.#unit = unit;
    this.#total = total;
    this.#done = 0;
    this.#files = 0;
    this.#current = '';
    this.#window = [{ at: this.#monotonic(), done: 0 }];
    this.#toldAt = Number.NEGATIVE_INFINITY;
    this.#maybeTell();
  }

  add(files: number, amount: number, current: RawPath): void {
    this.#files += files;
    this.#done += amount;
    if (current !== '') this.#current = current;
    this.#maybeTell();
  }

  #maybeTell(): void {
    const now = this.#monotonic();
    if (now - this.#toldAt < TELL_EVERY_MS) return;
    this.#toldAt = now;
    while (this.#window.length > 1 && now - (this.#window[0]?.at ?? now) > WINDOW_MS) this.#window.shift();
    const first = this.#window[0] ?? { at: now, done: this.#done };
    this.#window.push({ at: now, done: this.#done });
    const seconds = (now - first.at) / 1000;
    const rate = seconds > 0 ? (this.#done - first.done) / seconds : 0;
    // The total is what the last run had; a grown source must not show more than all of it.
    const total = this.#total === null ? null : Math.max(this.#total, this.#done);
    const etaMs = total === null || rate <= 0 ? null : Math.round(((total - this.#done) / rate) * 1000);
    this.#tell({
      phase: this.#phase,
      done: this.#done,
      total,
      unit: this.#unit,
      rate,
      etaMs,
      current: showPath(this.#current),
      filesDone: this.#files,
    });
  }
}
