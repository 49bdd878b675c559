import { describe, expect, it } from 'vitest';
import type { Annotation } from '#shared/contract/dashboards.ts';
import { type DashboardAnnotation, dashboardAnnotationSchema } from '#shared/domain/dashboard/model.ts';
import { wordsAt } from '../../../renderer/charts/chart-events.ts';
import { markQuestions, marksOf } from '../../../renderer/pages/dashboards/use-board-marks.ts';
import { isOnPanel, markWords } from '../../../renderer/panels/board-marks.ts';

const asking = (more: object = {}): DashboardAnnotation =>
  dashboardAnnotationSchema.parse({
    name: '重启',
    source: {
      of: 'query',
      expr: 'changes(boot_time_seconds{site="$site"}[$__interval]) > 0',
      minStep: '5m',
      title: '{{instance}} restarted',
      text: 'by {{who}}',
      tagLabels: ['tier', 'absent'],
    },
    ...more,
  });

const scope = {
  values: new Map([['site', { name: 'site', values: ['east'], texts: ['east'], several: false, all: null }]]),
  start: 0,
  end: 6 * 3_600_000,
  scrapeMs: 15_000,
  title: '',
};

const answer = (annotations: readonly DashboardAnnotation[], values: (number | null)[]) =>
  markQuestions(annotations, scope).map(({ target }) => ({
    target,
    columns: {
      times: values.map((_, index) => index * 60_000),
      series: [{ labels: { instance: 'app-1', tier: 'business' }, values }],
    },
  }));

describe('marks that a query makes', () => {
  it('are asked with the variables of the dashboard and no finer than the annotation says', () => {
    const [question] = markQuestions([asking()], scope);
    expect(question).toMatchObject({
      expr: 'changes(boot_time_seconds{site="east"}[5m]) > 0',
      stepMs: 300_000,
    });
    expect(markQuestions([asking({ shown: false })], scope)).toEqual([]);
    expect(markQuestions([asking({ shown: false })], scope, new Set([0]))).toHaveLength(1);
  });

  it('stand once for each unbroken run, the last one open, and zero is none', () => {
    const annotations = [asking()];
    const marks = marksOf(annotations, [], answer(annotations, [1, null, 2, 2, 0, null, 3, 3]), 'zh');
    expect(
      marks.map(({ at, until, open }) => [at / 60_000, until === null ? null : until / 60_000, open]),
    ).toEqual([
      [6, null, true],
      [2, 3, false],
      [0, null, false],
    ]);
    const [newest] = marks;
    expect(newest && markWords(newest, 'zh')).toBe('app-1 restarted · by · business');
  });

  it('stand on the panels that they are for', () => {
    const annotations = [asking({ panels: { ids: [2], exclude: true } })];
    const [mark] = marksOf(annotations, [], answer(annotations, [1, null]), 'en');
    expect(mark && [1, 2].map((panel) => isOnPanel(mark, panel))).toEqual([true, false]);
  });

  it('join what the console knows, which is for the panels of the one annotation that asks for it', () => {
    const known = { kind: 'drill', at: 5, title: { zh: '演练', en: 'Drill' } } as Annotation;
    const drills = dashboardAnnotationSchema.parse({
      name: 'Drills',
      source: { of: 'drills' },
      panels: { ids: [7] },
    });
    expect(marksOf([drills], [known], [], 'en')[0]?.panels?.ids).toEqual([7]);
    expect(marksOf([drills, { ...drills, panels: null }], [known], [], 'en')[0]?.panels).toBeNull();
  });
});

describe('words at the crosshair', () => {
  const mark = (time: number, end: number | null, words: string) => ({
    time,
    end,
    state: 'info' as const,
    words,
  });
  const marks = [mark(100, null, 'a'), mark(50, 200, 'b'), mark(100, null, 'a'), mark(400, null, 'c')];

  it('name what is near or lasts, once, and count what is too much', () => {
    expect(wordsAt(marks, 103, 5)).toEqual(['a', 'b']);
    expect(wordsAt(marks, 150, 5)).toEqual(['b']);
    expect(wordsAt(marks, 300, 5)).toEqual([]);
    expect(
      wordsAt(
        ['1', '2', '3', '4', '5'].map((words) => mark(0, null, words)),
        0,
        1,
      ),
    ).toEqual(['1', '2', '3', '+2']);
  });
});
