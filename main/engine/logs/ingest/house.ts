import { ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { FromIngest } from '../messages.ts';
import { dayName, type FilePosition } from '../model.ts';
import { planRetention, type StoreRetention } from '../store/retention.ts';
import type { StoreWriter } from '../store/writer.ts';

const HOUSE_EVERY_MS = 60_000;
const RETENTION_EVERY_MS = 3_600_000;

/** What looking after the day files needs. */
export type HouseOptions = {
  readonly clock: Clock;
  readonly tell: (message: FromIngest) => void;
  /** How long day files are kept; for ever when left out. */
  readonly retention?: StoreRetention;
};

type Known = Iterable<ReadonlyMap<string, FilePosition>>;

/** Looks after the day files between readings: closes days that are over, and removes those that retention gives up. */
export class House {
  readonly #store: StoreWriter;
  readonly #options: HouseOptions;
  readonly #startedAt: number;
  #retention: StoreRetention | undefined;
  #keptAt = Number.NEGATIVE_INFINITY;
  #expiredAt = Number.NEGATIVE_INFINITY;

  constructor(store: StoreWriter, options: HouseOptions) {
    this.#store = store;
    this.#options = options;
    this.#startedAt = options.clock.monotonic();
    this.#retention = options.retention;
  }

  /** Other rules, looked at with the next look. */
  setRetention(retention: StoreRetention): void {
    this.#retention = retention;
    this.#expiredAt = Number.NEGATIVE_INFINITY;
  }

  /** Once a minute: closes days that are over and quiet. Once an hour: retention. */
  keep(known: Known): Result<object> {
    const { clock } = this.#options;
    const now = clock.now();
    if (clock.monotonic() - this.#keptAt < HOUSE_EVERY_MS) return ok({});
    this.#keptAt = clock.monotonic();
    const sealed = this.#store.sealIdle(dayName(now), now - HOUSE_EVERY_MS, now);
    if (!sealed.ok) return sealed;
    if (clock.monotonic() - this.#expiredAt < RETENTION_EVERY_MS) return ok({});
    this.#expiredAt = clock.monotonic();
    return this.#expireDays(now, [...known]);
  }

  #expireDays(now: number, known: Known): Result<object> {
    const { clock, tell } = this.#options;
    const retention = this.#retention;
    if (retention === undefined) return ok({});
    const running = clock.monotonic() - this.#startedAt;
    for (const decision of planRetention(this.#store.facts(), now, retention, running)) {
      if (!decision.remove) continue;
      const positions = new Map([...known].flatMap((one) => [...one]));
      const gone = this.#store.expire(decision.day, dayName(now), positions, now);
      // A file that a reader holds open cannot be deleted on Windows; the next round tries again.
      if (gone.ok) tell({ kind: 'removed', day: decision.day, reason: decision.reason });
      else tell({ kind: 'trouble', error: gone.error });
    }
    return ok({});
  }
}
