import type { AppError } from '#shared/errors/index.ts';
import type { Sighting } from './built-in.ts';

/** What is wrong with a report that is made at set times. */
export type ReportFault = {
  readonly report: string;
  readonly name: string;
  /** `failed`: the last run; `waiting`: its time has come, and no desktop is there to lay it out. */
  readonly state: 'failed' | 'waiting';
  /** UTC milliseconds. */
  readonly since: number;
  readonly error: AppError;
};

/** A report that was not made; it is told until one of its runs succeeds, a restart of the console in between or not. */
export function reportProblem({ report, name, state, since, error }: ReportFault): Sighting {
  const isWaiting = state === 'waiting';
  return {
    id: `report_missing:${report}`,
    condition: 'report_missing',
    about: { report: name, state },
    severity: 'warning',
    since,
    sentence: isWaiting
      ? {
          zh: `报表“${name}”到时未生成：${error.message.zh}`,
          en: `Report "${name}" is overdue: ${error.message.en}`,
        }
      : {
          zh: `报表“${name}”生成失败：${error.message.zh}`,
          en: `Report "${name}" failed: ${error.message.en}`,
        },
    next: error.hint,
    link: '/metrics/dashboards',
  };
}
