import type { RestorePoint } from '#shared/contract/backup.ts';
import { isVerified, newestFirst } from '../../pages/backups/objective.ts';
import { noChoices, type RestoreChoices, withPoint, withWhat } from './choices.ts';
import { firstStep, type RestoreWizardState } from './steps.ts';

/**
 * Where a wizard begins that an address asks for: `plan`, with `path` for one path of it, `point` for a point of it.
 * What the address answers is skipped but stays on the left, a Back away.
 *
 * @returns null when the address asks for nothing that exists
 */
export function startOf(params: URLSearchParams, points: readonly RestorePoint[]): RestoreWizardState | null {
  const point = points.find((candidate) => candidate.id === params.get('point'));
  const plan = point?.plan ?? params.get('plan');
  if (plan === null) return entranceOf(params.get('kind'), points);
  if (!points.some((candidate) => candidate.plan === plan)) return null;
  const path = params.get('path');
  const what: RestoreChoices = withWhat(
    noChoices,
    path === null || path === '' ? { kind: 'everything', plan } : { kind: 'paths', plan, paths: [path] },
  );
  if (point === undefined) return { choices: what, step: path === null ? firstStep : { name: 'when' } };
  return { choices: withPoint(what, point), step: { name: 'where' } };
}

/** `files` begins with nothing chosen; `system` with everything of the plan that can be trusted most recently. */
function entranceOf(kind: string | null, points: readonly RestorePoint[]): RestoreWizardState | null {
  if (kind === 'files') return { choices: noChoices, step: firstStep };
  if (kind !== 'system') return null;
  const newest = newestFirst(points);
  const plan = (newest.find(isVerified) ?? newest[0])?.plan;
  const choices = plan === undefined ? noChoices : withWhat(noChoices, { kind: 'everything', plan });
  return { choices, step: firstStep };
}
