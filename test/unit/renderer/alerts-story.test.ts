import { expect, test } from 'vitest';
import type { TraceEntry } from '#shared/contract/notify-alerts.ts';
import { storyLines } from '../../../renderer/pages/alerts/alert/story.ts';
import { urgency } from '../../../renderer/pages/alerts/history/statistics-view.tsx';

const text = { zh: '', en: '' };
const entry = (at: number, kind: TraceEntry['kind']): TraceEntry => ({
  at,
  kind,
  text,
  link: null,
  notice: null,
  cause: null,
  delivery: null,
});
const attempt = (at: number, channel = 'mail', state: 'retrying' | 'delivered' = 'retrying'): TraceEntry => ({
  ...entry(at, 'delivery'),
  delivery: { notice: 'n', recipient: { channel, to: null }, at, attempt: at, state, error: null },
});

test('of a row of attempts the first and the last are told, and how many lie between', () => {
  const story = [
    entry(0, 'opened'),
    ...[1, 2, 3, 4, 5].map((at) => attempt(at)),
    attempt(6, 'mail', 'delivered'),
  ];
  expect(storyLines(story).map((line) => [line.entry.at, line.folded])).toEqual([
    [0, 0],
    [1, 0],
    [5, 3],
    [6, 0],
  ]);
});

test('attempts on different channels are different rows', () => {
  const story = [attempt(1), attempt(2, 'siren'), attempt(3), attempt(4, 'siren')];
  expect(storyLines(story)).toHaveLength(4);
});

test('rules that somebody should change come first, those that never fired last', () => {
  const rule = {
    name: 'r',
    rule: null,
    severity: null,
    alerts: 1,
    openings: 1,
    openMs: 0,
    notices: 3,
    suppressed: 0,
    acknowledged: 0,
    ignored: 0,
    meanToAcknowledgeMs: null,
    meanToResolveMs: null,
    marks: [],
  };
  const never = { ...rule, alerts: 0, notices: 0, marks: ['never_fired' as const] };
  const noisy = { ...rule, notices: 1, marks: ['noisy' as const] };
  const order = [never, rule, noisy].sort((a, b) => urgency(a) - urgency(b));
  expect(order).toEqual([noisy, rule, never]);
});
