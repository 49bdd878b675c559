import { describe, expect, test } from 'vitest';
import { riskSchema, runbookSchema } from '#shared/contract/recovery-register.ts';
import { planImport, readDocument } from '../../../main/engine/recovery/document.ts';
import { beginRun, endRun, recordOfRun, tickStep } from '../../../main/engine/recovery/runs.ts';
import { runbookTemplates } from '../../../main/engine/recovery/templates/index.ts';
import { starterRisks } from '../../../main/engine/recovery/templates/risks.ts';
import { runbook } from '../../helpers/runbook.ts';

const document = {
  format: 'hmtt-recovery' as const,
  version: 1 as const,
  exportedAt: 1,
  risks: [...starterRisks],
  environment: [],
  objectives: [],
  runbooks: [...runbookTemplates],
};

describe('the register as a file', () => {
  test('what was written is read', () => {
    expect(readDocument(`\ufeff${JSON.stringify(document)}`)).toEqual({ ok: true, value: document });
  });

  test('a wrong line of JSON, a wrong field, an id that stands twice, a newer version: named', () => {
    const broken = JSON.stringify(document, null, 1).replace('"risks": [', '"risks": ]');
    expect(readDocument(broken)).toMatchObject({
      ok: false,
      error: { code: 'RECOVERY_FILE_REFUSED', line: 5 },
    });
    const risk = starterRisks[0];
    const wrong = { ...document, risks: [{ ...risk, impact: 6 }] };
    expect(readDocument(JSON.stringify(wrong))).toMatchObject({ error: { field: 'risks.0.impact' } });
    expect(readDocument(JSON.stringify({ ...document, risks: [risk, risk] }))).toMatchObject({
      error: { field: 'risks.1.id' },
    });
    expect(readDocument(JSON.stringify({ ...document, version: 2 }))).toMatchObject({
      error: { field: 'version' },
    });
    expect(readDocument(JSON.stringify({ ...document, more: 1 })).ok).toBe(false);
  });

  test('an import says beforehand what it would do', () => {
    const present = { ...document, risks: starterRisks.slice(0, 2), runbooks: [runbook()] };
    const file = {
      ...document,
      risks: starterRisks.slice(1, 3),
      runbooks: [runbook({ owner: '王五', plans: ['nobody'] })],
    };
    expect(planImport(file, present, ['core'])).toMatchObject({ added: 1, replaced: 1, same: 1 });
    expect(planImport(file, present, ['core']).notes[0]?.en).toContain('nobody');
  });
});

describe('what the console brings', () => {
  test.each(runbookTemplates.map((template) => [template.incident, template] as const))(
    'the template %s is whole, in both languages, in all three phases',
    (_incident, template) => {
      expect(runbookSchema.safeParse(template).success).toBe(true);
      expect(new Set(template.steps.map(({ phase }) => phase)).size).toBe(3);
      for (const step of template.steps) {
        for (const words of [step.title, step.body, step.role, step.check]) {
          expect(words.zh === '').toBe(words.en === '');
        }
      }
    },
  );

  test('starter risks cover the four sources', () => {
    for (const risk of starterRisks) expect(riskSchema.safeParse(risk).success).toBe(true);
    expect(new Set(starterRisks.map(({ kind }) => kind)).size).toBe(4);
  });
});

describe('following a runbook', () => {
  const run = beginRun('r', 'exercise', runbook(), '张三', 1_000);

  test('a step is ticked, ticked again, and taken back', () => {
    const tick = { outcome: 'done', at: 2_000, by: '李四', note: '' } as const;
    const ticked = tickStep(run, 's1', tick);
    if (!ticked.ok) throw new Error(ticked.error.code);
    expect(ticked.value.ticks).toEqual([{ stepId: 's1', ...tick }]);
    const again = tickStep(ticked.value, 's1', { ...tick, outcome: 'failed' });
    expect(again.ok && again.value.ticks.length).toBe(1);
    expect(tickStep(ticked.value, 's1', null)).toMatchObject({ value: { ticks: [] } });
    expect(tickStep(run, 'nothing', tick)).toMatchObject({ error: { code: 'NOT_FOUND' } });
  });

  test('one that has ended is not changed, and leaves a record of its kind', () => {
    const ended = endRun(run, 'partly', '换了电话号码', 61_000);
    if (!ended.ok) throw new Error(ended.error.code);
    expect(tickStep(ended.value, 's1', null)).toMatchObject({ error: { code: 'RUN_ENDED' } });
    expect(endRun(ended.value, 'reached', '', 1)).toMatchObject({ error: { code: 'RUN_ENDED' } });
    expect(recordOfRun(ended.value)).toMatchObject({
      kind: 'exercise',
      outcome: 'partly',
      durationMs: 60_000,
      about: { kind: 'run', id: 'r' },
    });
  });
});
