import type { BacktestAlert, BacktestRule, BacktestSpan } from '#shared/contract/rules-authoring.ts';
import { labelsKey, labelsToRecord } from '#shared/domain/labels.ts';
import { type ActiveAlert, type AlertStates, activeOf } from '../rules/alert-state.ts';

/** Kept of one alert: its last ones. */
const MOST_SPANS = 200;
/** Alerts of one rule that are shown. */
const MOST_SHOWN = 500;
/** Alerts of one rule that are told apart; a rule with more has a label that changes all the time. */
const MOST_ALERTS = 20_000;

type Track = {
  readonly alert: ActiveAlert;
  annotations: ActiveAlert['annotations'];
  open: { activeAt: number; firedAt: number | null } | null;
  readonly spans: BacktestSpan[];
  fired: number;
  firingMs: number;
  pendingOnly: number;
  longestMs: number;
};

/** Writes down when the alerts of one rule are active. */
export type SpanRecorder = {
  /** What the rule's alerts are after an evaluation. */
  readonly step: (alerts: AlertStates, at: number) => void;
  /** How often it fired so far. */
  readonly fired: () => number;
  readonly end: () => Omit<BacktestRule, 'group' | 'rule' | 'failures' | 'lastFailure'>;
};

/**
 * Makes the recorder of a rule.
 *
 * @param from what ended before is left out; what fires then fires from then on
 * @param to where the time looked at ends
 */
export function recordSpans(from: number, to: number): SpanRecorder {
  const tracks = new Map<string, Track>();
  const openKeys = new Set<string>();
  let total = 0;
  let fired = 0;

  const close = (track: Track, endedAt: number | null): void => {
    const { open } = track;
    track.open = null;
    const end = endedAt ?? to;
    if (open === null || end <= from) return;
    track.spans.push({ ...open, endedAt });
    if (track.spans.length > MOST_SPANS) track.spans.shift();
    if (open.firedAt === null) {
      track.pendingOnly++;
      return;
    }
    const length = end - Math.max(from, open.firedAt);
    track.fired++;
    track.firingMs += length;
    track.longestMs = Math.max(track.longestMs, length);
  };

  const trackOf = (alert: ActiveAlert): Track | null => {
    const key = labelsKey(alert.labels);
    const known = tracks.get(key);
    if (known !== undefined) return known;
    total++;
    if (tracks.size >= MOST_ALERTS) return null;
    const made: Track = {
      alert,
      annotations: alert.annotations,
      open: null,
      spans: [],
      fired: 0,
      firingMs: 0,
      pendingOnly: 0,
      longestMs: 0,
    };
    tracks.set(key, made);
    return made;
  };

  return {
    fired: () => fired,
    step: (alerts, at) => {
      const active = activeOf(alerts);
      const seen = new Set<string>();
      for (const alert of active) {
        const track = trackOf(alert);
        if (track === null) continue;
        const key = labelsKey(alert.labels);
        seen.add(key);
        // The same labels with another beginning are another time.
        if (track.open !== null && track.open.activeAt !== alert.activeAt) close(track, at);
        if (track.open === null) {
          track.open = { activeAt: alert.activeAt, firedAt: null };
          openKeys.add(key);
        }
        if (alert.phase === 'firing') {
          if (track.open.firedAt === null) {
            track.annotations = alert.annotations;
            track.open.firedAt = alert.firedAt ?? at;
            if (at >= from) fired++;
          }
        }
      }
      for (const key of openKeys)
        if (!seen.has(key)) {
          openKeys.delete(key);
          const track = tracks.get(key);
          if (track !== undefined) close(track, at);
        }
    },
    end: () => {
      for (const key of openKeys) {
        const track = tracks.get(key);
        if (track !== undefined) close(track, null);
      }
      const all = [...tracks.values()].filter(({ spans }) => spans.length > 0);
      const sum = (of: (track: Track) => number): number => all.reduce((so, each) => so + of(each), 0);
      return {
        fired: sum((each) => each.fired),
        firingMs: sum((each) => each.firingMs),
        longestMs: Math.max(0, ...all.map(({ longestMs }) => longestMs)),
        pendingOnly: sum((each) => each.pendingOnly),
        alerts: all
          .toSorted((a, b) => b.firingMs - a.firingMs || b.spans.length - a.spans.length)
          .slice(0, MOST_SHOWN)
          .map(shown),
        alertCount: all.length + Math.max(0, total - tracks.size),
      };
    },
  };
}

function shown({ alert, annotations, fired, firingMs, spans }: Track): BacktestAlert {
  return { labels: labelsToRecord(alert.labels), annotations: { ...annotations }, fired, firingMs, spans };
}
