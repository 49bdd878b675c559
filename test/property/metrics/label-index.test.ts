import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Labels, labelsFromRecord, NO_LABELS } from '#shared/domain/labels.ts';
import { LabelIndex } from '../../../main/engine/metrics/label-index.ts';
import { compileMatcher } from '../../../main/engine/metrics/matchers.ts';

const few = fc.constantFrom('a', 'b', '值', '__proto__', 'x'.repeat(40));
const labels = fc.dictionary(few, few, { maxKeys: 5 }).map((record) => labelsFromRecord(record));
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ add: labels }) },
  { weight: 1, arbitrary: fc.record({ remove: fc.array(fc.nat(60), { maxLength: 10 }) }) },
);

test('an index knows the labels of every slot, and which slots have a label, through additions and removals', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const model = new Map<number, Labels>();
      const index = new LabelIndex(() => model.keys());
      let next = 0;
      const free: number[] = [];
      for (const one of steps) {
        if ('add' in one) {
          const slot = free.pop() ?? next++;
          index.add(slot, one.add);
          model.set(slot, one.add);
        } else {
          const gone = new Set(one.remove.filter((slot) => model.has(slot)));
          index.remove(gone);
          for (const slot of gone) model.delete(slot);
          free.push(...gone);
        }
      }
      for (let slot = 0; slot < next; slot++) {
        expect(index.has(slot)).toBe(model.has(slot));
        expect(index.labels(slot)).toEqual(model.get(slot) ?? NO_LABELS);
      }
      const pairs = new Map<string, Map<string, number[]>>();
      for (const [slot, own] of model)
        for (let i = 0; i < own.length; i += 2) {
          const values = pairs.get(own[i] ?? '') ?? new Map<string, number[]>();
          pairs.set(own[i] ?? '', values);
          values.set(own[i + 1] ?? '', [...(values.get(own[i + 1] ?? '') ?? []), slot]);
        }
      expect([...index.names()].sort()).toEqual([...pairs.keys()].sort());
      for (const [name, values] of pairs) {
        expect([...index.values(name)].sort()).toEqual([...values.keys()].sort());
        for (const [value, slots] of values) {
          expect(index.count(name, value)).toBe(slots.length);
          const found = index.select([
            compileMatcher({ name, op: '=', value }),
            compileMatcher({ name: 'b', op: '!=', value: 'a' }),
          ]);
          const wanted = slots.filter((slot) => {
            const own = model.get(slot) ?? NO_LABELS;
            const at = own.findIndex((text, i) => i % 2 === 0 && text === 'b');
            return at < 0 || own[at + 1] !== 'a';
          });
          expect([...found].sort((a, b) => a - b)).toEqual(wanted.sort((a, b) => a - b));
        }
      }
    }),
    { numRuns: 200 },
  );
});
