import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareLabels } from '#shared/domain/labels.ts';
import { inLabelOrder } from '../../../main/engine/metrics/label-order.ts';

test('sorting in turns gives what sorting at once gives', () => {
  const word = fc.constantFrom('', 'a', 'b', 'A', '\u{1f600}', '\uffff');
  const name = fc.constantFrom('A', '__name__', 'job', 'z');
  const labels = fc
    .array(fc.tuple(name, word), { maxLength: 3 })
    .map((pairs) => [...new Map(pairs).entries()].sort(([a], [b]) => (a < b ? -1 : 1)).flat());
  fc.assert(
    fc.property(fc.array(labels, { maxLength: 30 }), (all) => {
      const slots = all.map((_, slot) => slot);
      const of = (slot: number): readonly string[] => all[slot] ?? [];
      const turns = inLabelOrder(slots, of);
      let turn = turns.next();
      while (!turn.done) turn = turns.next();
      const atOnce = [...slots].sort((a, b) => compareLabels(of(a), of(b)));
      expect(turn.value.map(of)).toEqual(atOnce.map(of));
    }),
  );
});
