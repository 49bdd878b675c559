import type { AppError } from '#shared/errors/index.ts';
import type { Sighting } from './built-in.ts';

/** A rotation of a log file, or a policy as a whole, that failed. */
export type RotationFault = {
  readonly policy: string;
  /** The log; empty when the policy as a whole failed. */
  readonly path: string;
  readonly since: number;
  readonly tries: number;
  readonly error: AppError;
};

/** So many failures in a row are no accident. */
const CRITICAL_TRIES = 4;

/** A rotation that failed: it is tried again, and told until it succeeds. */
export function rotationProblem({ policy, path, since, tries, error }: RotationFault): Sighting {
  const isStuck = tries >= CRITICAL_TRIES || error.code === 'DISK_FULL';
  const name = path === '' ? policy : path;
  return {
    id: `log_rotation:${policy}:${path}:${path === '' ? error.code : ''}`,
    condition: 'log_rotation_failed',
    about: { policy, path, code: error.code },
    severity: isStuck ? 'critical' : 'warning',
    since,
    sentence: {
      zh: `日志轮转失败（${name}）：${error.message.zh}`,
      en: `The rotation of ${name} failed: ${error.message.en}`,
    },
    next: error.hint,
    link: '/logs?tab=rotation',
  };
}
