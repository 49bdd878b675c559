import type { Drill, DrilledDatabase } from '#shared/contract/recovery-drills.ts';
import type { AppCheckResult, Evidence } from '#shared/contract/restore.ts';
import { type AppError, appError, type Result } from '#shared/errors/index.ts';

/** What a drill showed. */
export type DrillFindings = {
  /** The restore's own evidence, or why there is none. */
  readonly evidence: Result<Evidence>;
  readonly databases: readonly DrilledDatabase[];
  /** Null when the rule asks for none, or when it was not come to. */
  readonly appCheck: AppCheckResult | null;
  /** Whether the rule asks for a check. */
  readonly isCheckWanted: boolean;
};

/** How a drill ended, and why it did not pass. */
export type Verdict = { readonly state: Drill['state']; readonly error: AppError | null };

/**
 * A drill passed only when everything came back, every file was read back with the manifest's SHA-256, every dump was loaded,
 * and the application accepted it. Anything less is a failure that names the first thing that went wrong.
 */
export function judge({ evidence, databases, appCheck, isCheckWanted }: DrillFindings): Verdict {
  if (!evidence.ok) {
    return { state: evidence.error.code === 'CANCELLED' ? 'cancelled' : 'failed', error: evidence.error };
  }
  const { outcome, failures, verified, files } = evidence.value;
  if (outcome === 'cancelled') return { state: 'cancelled', error: appError('CANCELLED') };
  const first = failures[0];
  if (first !== undefined) return { state: 'failed', error: first.error };
  if (outcome !== 'verified' || verified !== files) {
    return { state: 'failed', error: appError('DRILL_INCOMPLETE', { verified, files }) };
  }
  const database = databases.find(({ error }) => error !== null);
  if (database?.error) {
    return {
      state: 'failed',
      error: appError('DRILL_DATABASE_FAILED', {
        source: `${database.source}/${database.database}`,
        why: database.error.message.zh,
      }),
    };
  }
  if (isCheckWanted && appCheck?.outcome !== 'successful') {
    return {
      state: 'failed',
      error: appError('DRILL_APP_CHECK_FAILED', {
        outcome: appCheck?.outcome ?? 'not_started',
        code: appCheck?.exitCode ?? '–',
      }),
    };
  }
  return { state: 'passed', error: null };
}
