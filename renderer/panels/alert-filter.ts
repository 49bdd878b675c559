import type { Problem } from '#shared/contract/site.ts';
import type { PanelOf } from '#shared/domain/dashboard/panels.ts';
import { patternOf } from '#shared/domain/dashboard/pattern.ts';

const RANK: Readonly<Record<Problem['severity'], number>> = { critical: 0, warning: 1, info: 2 };

/** The problems that an alert panel means: the worst first, of equal ones the newest. */
export function chosenProblems(
  problems: readonly Problem[],
  panel: Pick<PanelOf<'alerts'>, 'severities' | 'labels' | 'contains'>,
  fill: (text: string) => string,
): readonly Problem[] {
  const wanted = fill(panel.contains).toLowerCase();
  const labels = Object.entries(panel.labels).map(
    ([name, value]) => [name, patternOf(`^(?:${fill(value)})$`)] as const,
  );
  return problems
    .filter((problem) => {
      const { severity, sentence } = problem;
      if (!panel.severities.includes(severity)) return false;
      if (wanted !== '' && ![sentence.zh, sentence.en].some((text) => text.toLowerCase().includes(wanted)))
        return false;
      return labels.every(([name, pattern]) => pattern?.test(problem.labels[name] ?? '') === true);
    })
    .toSorted((a, b) => RANK[a.severity] - RANK[b.severity] || b.since - a.since);
}
