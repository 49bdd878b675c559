import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HostState, StateSpan } from '#shared/contract/hosts.ts';
import { planBlind, planNextState, type Spans } from '../../main/engine/hosts/state-spans.ts';

const state = fc.constantFrom<HostState>('up', 'down', 'unreachable', 'not_watched');

type Step =
  | { readonly kind: 'state'; readonly state: HostState; readonly after: number }
  | { readonly kind: 'blind'; readonly back: number; readonly length: number; readonly known: boolean };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('state' as const), state, after: fc.integer({ min: -5, max: 50 }) }),
  fc.record({
    kind: fc.constant('blind' as const),
    back: fc.nat(60),
    length: fc.nat(60),
    known: fc.boolean(),
  }),
);

function stateAt(spans: Spans, time: number): HostState | undefined {
  return spans.find((span) => span.from <= time && (span.to === null || time < span.to))?.state;
}

function check(spans: readonly StateSpan[]): void {
  for (const [index, span] of spans.entries()) {
    const next = spans[index + 1];
    if (!next) {
      expect(span.to).toBeNull();
      continue;
    }
    // No hole, no overlap, and never the same state twice in a row.
    expect(span.to).toBe(next.from);
    expect(span.from).toBeLessThan(next.from);
    expect(span.state).not.toBe(next.state);
  }
}

test('a history has no holes, no overlaps, one open end, and blind time is never up or down', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), (steps) => {
      let spans: Spans = planNextState([], 'not_watched', 1_000);
      let now = 1_000;
      for (const next of steps) {
        if (next.kind === 'state') {
          now += next.after;
          spans = planNextState(spans, next.state, now);
          expect(spans.at(-1)?.state).toBe(next.state);
        } else {
          const to = now - next.back + next.length;
          const blind = { from: now - next.back, to };
          const before = spans;
          spans = planBlind(spans, blind, next.known ? Math.max(now, to) : null);
          const first = before[0]?.from ?? 0;
          for (let time = Math.max(first, blind.from); time < to; time += 1)
            expect(stateAt(spans, time)).toBe('not_watched');
          for (let time = first; time < blind.from; time += 1)
            expect(stateAt(spans, time)).toBe(stateAt(before, time));
          now = Math.max(now, to);
        }
        check(spans);
      }
    }),
    { numRuns: 2_000 },
  );
});
