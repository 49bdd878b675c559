import type { LogSource } from '#shared/contract/logs.ts';
import type { WritableDb } from '../storage/sqlite.ts';
import type { LogRhythm } from './log-conditions.ts';

/** What an operator wants of one source: `null` is no word of its silence, a number the milliseconds that are allowed. */
export type SilenceSetting = 'auto' | number | null;

/** Learns how often each log source speaks, so that unusual silence is seen. */
export type LogRhythms = {
  /** Takes in how the sources stand now, and says how each does against its past. */
  readonly observe: (sources: readonly LogSource[], now: number) => readonly LogRhythm[];
  readonly setting: (sourceId: string) => SilenceSetting;
  readonly set: (sourceId: string, setting: SilenceSetting) => void;
  /** Takes over settings that were written past it. */
  readonly reread: () => void;
};

const DAY_MS = 86_400_000;
/** Two weekends fit in, so that a source that rests at weekends teaches it within a week. */
const DAYS_KEPT = 15;
/** Silence is unusual when it is so many times the longest pause of the past, and never shorter than this. */
const PAUSE_FACTOR = 3;
const LEAST_SILENCE_MS = 15 * 60_000;
/** So many pauses over so much time must be known before anything is unusual. */
const LEAST_PAUSES = 20;
const LEAST_HISTORY_MS = 3_600_000;
/** Two looks further apart than this: the console did not look meanwhile, so the pause is not the source's. */
const LOOK_GAP_MS = 60_000;
/** Less than this that waits to be read is read within a moment. */
const BEHIND_BYTES = 16 << 20;

type Day = { day: number; longest_ms: number; pauses: number };
type Known = {
  lines: number;
  /** Whether its lines were counted; before, the thread that reads it has not said how many there are. */
  isCounted: boolean;
  /** From when its pause counts: when its lines last grew, or the console began to look; null until they did once. */
  lastLineAt: number | null;
  /** When its lines last grew while the console looked; null until they did. */
  spokeAt: number | null;
  seenAt: number;
  behindSince: number | null;
  firstAt: number;
  days: Day[];
};

/** Opens the tables `log_rhythm` and `log_silence`. */
export function openLogRhythms(db: WritableDb): LogRhythms {
  const readDays = db.prepare<[string], Day>(
    'SELECT day, longest_ms, pauses FROM log_rhythm WHERE source_id = ? ORDER BY day',
  );
  const writeDay = db.prepare(
    `INSERT INTO log_rhythm (source_id, day, longest_ms, pauses) VALUES (?, ?, ?, ?)
     ON CONFLICT (source_id, day) DO UPDATE SET longest_ms = excluded.longest_ms, pauses = excluded.pauses`,
  );
  const forgetDays = db.prepare('DELETE FROM log_rhythm WHERE source_id = ? AND day < ?');
  const readSettings = db.prepare<[], { source_id: string; after_ms: number | null }>(
    'SELECT source_id, after_ms FROM log_silence',
  );
  const writeSetting = db.prepare(
    'INSERT INTO log_silence (source_id, after_ms) VALUES (?, ?) ON CONFLICT (source_id) DO UPDATE SET after_ms = excluded.after_ms',
  );
  const removeSetting = db.prepare('DELETE FROM log_silence WHERE source_id = ?');

  const settings = new Map(readSettings.all().map((row) => [row.source_id, row.after_ms]));
  const known = new Map<string, Known>();

  const begin = (source: LogSource, now: number): Known => {
    const days = readDays.all(source.id);
    const first = days[0];
    return {
      lines: source.lines,
      isCounted: source.lines > 0 || days.length === 0,
      // A source that spoke before is expected to speak again; its pause counts from now, because nobody looked before.
      lastLineAt: days.length > 0 || source.lines > 0 ? now : null,
      spokeAt: null,
      seenAt: now,
      behindSince: null,
      firstAt: first === undefined ? now : first.day * DAY_MS,
      days,
    };
  };

  const notePause = (id: string, entry: Known, pauseMs: number, now: number): void => {
    const day = Math.floor(now / DAY_MS);
    let today = entry.days.at(-1);
    if (today?.day !== day) {
      today = { day, longest_ms: 0, pauses: 0 };
      entry.days = [...entry.days, today].filter((each) => each.day > day - DAYS_KEPT);
      forgetDays.run(id, day - DAYS_KEPT + 1);
    }
    const isLonger = pauseMs > today.longest_ms;
    today.pauses++;
    today.longest_ms = Math.max(today.longest_ms, pauseMs);
    // Each line would be a write otherwise; what is lost in a crash are a few pauses shorter than ones that are known.
    if (isLonger || today.pauses === LEAST_PAUSES) writeDay.run(id, day, today.longest_ms, today.pauses);
  };

  const usualLimit = (entry: Known, now: number): number | null => {
    const pauses = entry.days.reduce((sum, each) => sum + each.pauses, 0);
    if (pauses < LEAST_PAUSES || now - entry.firstAt < LEAST_HISTORY_MS) return null;
    const longest = Math.max(...entry.days.map(({ longest_ms }) => longest_ms));
    return Math.max(LEAST_SILENCE_MS, PAUSE_FACTOR * longest);
  };

  const look = (source: LogSource, now: number): LogRhythm => {
    const entry = known.get(source.id) ?? begin(source, now);
    known.set(source.id, entry);
    if (now - entry.seenAt > LOOK_GAP_MS) {
      if (entry.lastLineAt !== null) entry.lastLineAt = now;
      entry.spokeAt = null;
    }
    entry.seenAt = now;
    if (!entry.isCounted) entry.isCounted = source.lines > 0;
    else if (source.lines > entry.lines) {
      if (entry.lastLineAt !== null) notePause(source.id, entry, now - entry.lastLineAt, now);
      entry.lastLineAt = now;
      entry.spokeAt = now;
    }
    entry.lines = source.lines;
    entry.behindSince = source.lagBytes < BEHIND_BYTES ? null : (entry.behindSince ?? now);
    const setting = settingOf(source.id);
    return {
      sourceId: source.id,
      // Who asks to hear of silence means a source that never spoke, too.
      lastLineAt: entry.lastLineAt ?? (typeof setting === 'number' ? entry.firstAt : null),
      spokeAt: entry.spokeAt,
      silentAfterMs: setting === 'auto' ? usualLimit(entry, now) : setting,
      behindSince: entry.behindSince,
    };
  };

  const settingOf = (id: string): SilenceSetting => {
    const stored = settings.get(id);
    return stored === undefined ? 'auto' : stored;
  };

  return {
    observe: (sources, now) => {
      const ids = new Set(sources.map(({ id }) => id));
      for (const id of known.keys()) if (!ids.has(id)) known.delete(id);
      return sources.map((source) => look(source, now));
    },
    setting: settingOf,
    reread: () => {
      settings.clear();
      for (const row of readSettings.all()) settings.set(row.source_id, row.after_ms);
    },
    set: (id, setting) => {
      if (setting === 'auto') {
        removeSetting.run(id);
        settings.delete(id);
      } else {
        writeSetting.run(id, setting);
        settings.set(id, setting);
      }
    },
  };
}
