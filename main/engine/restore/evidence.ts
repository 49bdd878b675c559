import { createHash } from 'node:crypto';
import type { Evidence, RestorePlan } from '#shared/contract/restore.ts';
import type { AppError, Bilingual } from '#shared/errors/index.ts';
import type { RunTaskResult } from './run-task.ts';

/** What the evidence of a restore is written from. */
export type EvidenceFacts = {
  readonly restoreId: string;
  readonly plan: RestorePlan;
  readonly operator: string;
  readonly workstation: string;
  readonly consoleVersion: string;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly interruptions: number;
  readonly rtoMs: number | null;
  readonly result: RunTaskResult | null;
  readonly cancelled: boolean;
  readonly failures: readonly { readonly path: string; readonly error: AppError }[];
  readonly ownersRestored: boolean;
  readonly unsafe: number;
  readonly unsupported: number;
};

/** JSON with sorted keys and no white space, so that the same document has the same hash everywhere. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value);
}

/** The hash that an evidence document carries: over all its other members. */
export function evidenceHash(evidence: Omit<Evidence, 'sha256'>): string {
  return createHash('sha256').update(canonicalJson(evidence)).digest('hex');
}

/** Writes the evidence of a restore. Pure. */
export function makeEvidence(facts: EvidenceFacts): Evidence {
  const { plan, result } = facts;
  const body: Omit<Evidence, 'sha256'> = {
    restoreId: facts.restoreId,
    planHash: plan.hash,
    plan,
    operator: facts.operator,
    workstation: facts.workstation,
    consoleVersion: facts.consoleVersion,
    startedAt: facts.startedAt,
    finishedAt: facts.finishedAt,
    durationMs: facts.finishedAt - facts.startedAt,
    interruptions: facts.interruptions,
    rtoMs: facts.rtoMs,
    dataAgeMs: facts.startedAt - plan.pointAt,
    files: result?.files ?? 0,
    bytes: result?.bytes ?? 0,
    verified: result?.verified ?? 0,
    failures: [...facts.failures],
    notes: notesOf(facts),
    outcome: outcomeOf(facts),
  };
  return { ...body, sha256: evidenceHash(body) };
}

function outcomeOf(facts: EvidenceFacts): Evidence['outcome'] {
  if (facts.cancelled) return 'cancelled';
  if (facts.result === null) return 'failed';
  return facts.result.failed > 0 || facts.failures.length > 0 ? 'with_failures' : 'verified';
}

function notesOf(facts: EvidenceFacts): Bilingual[] {
  const notes: Bilingual[] = [
    {
      zh: '时间恢复到微秒；扩展属性和 ACL 不在此版本的归档中。',
      en: 'Times are restored to the microsecond; extended attributes and ACLs are not in archives of this version.',
    },
  ];
  if (!facts.ownersRestored) {
    notes.push({
      zh: '文件所有者没有恢复：控制台不是以管理员身份运行。',
      en: 'Owners were not restored: the console does not run as administrator.',
    });
  }
  if (facts.unsupported > 0) {
    notes.push({
      zh: `${facts.unsupported} 个特殊文件（管道、套接字、设备）没有恢复。`,
      en: `${facts.unsupported} special files (pipes, sockets, devices) were not restored.`,
    });
  }
  if (facts.unsafe > 0) {
    notes.push({
      zh: `${facts.unsafe} 个路径不安全，没有恢复；请核实归档的来源。`,
      en: `${facts.unsafe} paths were unsafe and were not restored; check where the archive came from.`,
    });
  }
  return notes;
}
