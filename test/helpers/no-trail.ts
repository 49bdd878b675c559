import type { AuditTrail } from '../../main/engine/access/audit/trail.ts';
import { ok } from '../../shared/errors/index.ts';

/** A trail that records nothing, for tests of something else. */
export const noTrail: Pick<AuditTrail, 'begin' | 'refused'> = {
  begin: () => ok(null),
  refused: () => undefined,
};
