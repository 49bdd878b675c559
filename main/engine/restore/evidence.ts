import { createHash } from 'node:crypto';
import {
  type AppCheckResult,
  type Evidence,
  type RestorePlan,
  signatureSchema,
} from '#shared/contract/restore.ts';
import type { AppError, Bilingual } from '#shared/errors/index.ts';
import { canonicalJson, type DocumentSigner, isSignedBy } from '../platform/signing.ts';
import { hostNotes } from './host/notes.ts';
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
  readonly rpoMs: number | null;
  readonly appCheck: AppCheckResult | null;
  readonly hosts: NonNullable<Evidence['hosts']>;
  /** What was overwritten and is kept. */
  readonly safety: NonNullable<Evidence['safety']> | null;
  readonly result: RunTaskResult | null;
  readonly cancelled: boolean;
  readonly failures: readonly { readonly path: string; readonly error: AppError }[];
  readonly ownersRestored: boolean;
  readonly unsafe: number;
  readonly unsupported: number;
};

/** The hash that an evidence document carries: over all its other members, before it is signed. */
export function evidenceHash(evidence: Omit<Evidence, 'sha256' | 'signature'>): string {
  return createHash('sha256').update(canonicalJson(evidence)).digest('hex');
}

/** What checking an evidence document found. */
export type EvidenceCheck = {
  /** Its hash is that of its members, and so is its signature when it has one. */
  readonly intact: boolean;
  readonly signed: boolean;
  readonly fingerprint: string | null;
};

/** Checks an evidence document as it stands in its file; what later versions add to it counts like everything else. */
export function checkEvidence(document: Readonly<Record<string, unknown>>): EvidenceCheck {
  const { sha256, signature, ...rest } = document;
  const hash = createHash('sha256').update(canonicalJson(rest)).digest('hex');
  const parsed = signatureSchema.safeParse(signature);
  const isGenuine = parsed.success ? isSignedBy(document, parsed.data) : signature === undefined;
  return {
    intact: hash === sha256 && isGenuine,
    signed: parsed.success && isGenuine,
    fingerprint: parsed.success ? parsed.data.fingerprint : null,
  };
}

/** Writes the evidence of a restore, and signs it when there is a key. */
export function makeEvidence(facts: EvidenceFacts, signer: DocumentSigner | null = null): Evidence {
  const { plan, result } = facts;
  const body: Omit<Evidence, 'sha256' | 'signature'> = {
    restoreId: facts.restoreId,
    planHash: plan.hash,
    plan,
    operator: facts.operator,
    workstation: facts.workstation,
    consoleVersion: facts.consoleVersion,
    startedAt: facts.startedAt,
    finishedAt: facts.finishedAt,
    // A clock that was set back while the restore ran measures nothing.
    durationMs: Math.max(0, facts.finishedAt - facts.startedAt),
    interruptions: facts.interruptions,
    rtoMs: facts.rtoMs,
    dataAgeMs: Math.max(0, facts.startedAt - plan.pointAt),
    files: result?.files ?? 0,
    bytes: result?.bytes ?? 0,
    verified: result?.verified ?? 0,
    failures: [...facts.failures],
    notes: notesOf(facts),
    outcome: outcomeOf(facts),
    rpoMs: facts.rpoMs,
    appCheck: facts.appCheck,
    hosts: facts.hosts,
    approvers: [],
    safety: facts.safety,
  };
  const evidence = { ...body, sha256: evidenceHash(body) };
  return signer === null ? evidence : { ...evidence, signature: signer.sign(evidence) };
}

function outcomeOf(facts: EvidenceFacts): Evidence['outcome'] {
  if (facts.cancelled) return 'cancelled';
  if (facts.result === null) return 'failed';
  const isAppWell = facts.appCheck === null || facts.appCheck.outcome === 'successful';
  return facts.result.failed > 0 || facts.failures.length > 0 || !isAppWell ? 'with_failures' : 'verified';
}

function notesOf(facts: EvidenceFacts): Bilingual[] {
  const { plan, result } = facts;
  if (plan.host !== null) return [...hostNotes(plan, facts.ownersRestored, result), ...leftOutNotes(facts)];
  const notes: Bilingual[] = [
    {
      zh: '时间恢复到微秒；归档中的扩展属性和 ACL 一并恢复（归档的报告列出所保留的元数据）。',
      en: 'Times are restored to the microsecond; extended attributes and ACLs as far as the archive has them (its report names what it kept).',
    },
  ];
  const missing = result?.attributesMissing ?? 0;
  if (missing > 0)
    notes.push({
      zh: `${missing} 个文件或目录的扩展属性或 ACL 未能全部恢复：需要软件包 attr、相应的权限和支持它们的文件系统。`,
      en: `${missing} files or folders did not get all of their extended attributes or ACLs: that needs the package attr, the right, and a file system that has them.`,
    });
  if (plan.owners.mode === 'current') {
    notes.push({
      zh: '按要求，恢复的文件归运行控制台的用户所有。',
      en: 'As asked for, the restored files belong to whoever runs the console.',
    });
  } else if (!facts.ownersRestored) {
    notes.push({
      zh: '文件所有者没有恢复：控制台不是以管理员身份运行。',
      en: 'Owners were not restored: the console does not run as administrator.',
    });
  }
  return [...notes, ...leftOutNotes(facts)];
}

/** What is said of every restore: a clock that cannot be trusted, and what was left out. */
function leftOutNotes(facts: EvidenceFacts): Bilingual[] {
  const notes: Bilingual[] = [];
  if (facts.finishedAt < facts.startedAt || facts.startedAt < facts.plan.pointAt) {
    notes.push({
      zh: '时钟曾被往回拨：时长和数据年龄不可信，文件内容不受影响。',
      en: "The clock was set back: duration and age of the data cannot be trusted. The files' content is not affected.",
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
