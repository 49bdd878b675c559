import {
  type RecoveryDocument,
  type Runbook,
  recoveryDocumentSchema,
} from '#shared/contract/recovery-register.ts';
import { appError, type Bilingual, err, ok, type Result } from '#shared/errors/index.ts';
import { hashOf } from './hash-of.ts';

/**
 * Reads an exported file. It is taken whole or not at all: the error names the first field that is wrong and, for text that is
 * no JSON, the line.
 */
export function readDocument(text: string): Result<RecoveryDocument> {
  let value: unknown;
  try {
    value = JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text);
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    return err(
      appError('RECOVERY_FILE_REFUSED', { why: `JSON: ${why.slice(0, 300)}` }, { line: lineOf(why, text) }),
    );
  }
  const head = value as { readonly format?: unknown; readonly version?: unknown } | null;
  if (typeof head === 'object' && head?.format === 'hmtt-recovery' && Number(head.version) > 1) {
    return err(
      appError('RECOVERY_FILE_REFUSED', { why: `version ${String(head.version)} > 1` }, { field: 'version' }),
    );
  }
  const parsed = recoveryDocumentSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = issue?.path.map(String).join('.') ?? '';
    const why = `${field === '' ? '' : `${field}: `}${issue?.message ?? ''}`;
    return err(appError('RECOVERY_FILE_REFUSED', { why }, field === '' ? {} : { field }));
  }
  const twice = firstTwice(parsed.data);
  return twice === null
    ? ok(parsed.data)
    : err(appError('RECOVERY_FILE_REFUSED', { why: `${twice}: id` }, { field: twice }));
}

/**
 * The line that a JSON error is about. The runtime names a position, or quotes ten characters around it, or, where the text
 * ends too soon, neither: then it is the last line.
 */
function lineOf(why: string, text: string): number {
  const position = /position (\d+)/.exec(why)?.[1];
  if (position !== undefined) return lineCount(text.slice(0, Number(position)));
  const quoted = /, (?:\.{3})?"([\s\S]*?)"(?:\.{3})? is not valid JSON/.exec(why)?.[1];
  const at = quoted === undefined ? -1 : text.indexOf(quoted);
  const middle = Math.floor((quoted?.length ?? 0) / 2);
  return lineCount(at < 0 ? text : text.slice(0, at + middle));
}

function lineCount(text: string): number {
  return text.split('\n').length;
}

/** The field of the first thing whose id stands there twice. */
function firstTwice(document: RecoveryDocument): string | null {
  for (const name of ['risks', 'environment', 'runbooks'] as const) {
    const seen = new Set<string>();
    for (const [index, { id }] of document[name].entries()) {
      if (seen.has(id)) return `${name}.${index}.id`;
      seen.add(id);
    }
  }
  return null;
}

/** What an import would do, against what is there. */
export type ImportPlan = {
  readonly added: number;
  readonly replaced: number;
  readonly same: number;
  readonly notes: Bilingual[];
};

/** Compares a file with what is there. `plans`: names of the backup plans of this console. */
export function planImport(
  file: RecoveryDocument,
  present: RecoveryDocument,
  plans: readonly string[],
): ImportPlan {
  let added = 0;
  let replaced = 0;
  let same = 0;
  const compare = <T>(from: readonly T[], to: readonly T[], key: (item: T) => string): void => {
    const known = new Map(to.map((item) => [key(item), hashOf(item)]));
    for (const item of from) {
      const old = known.get(key(item));
      if (old === undefined) added += 1;
      else if (old === hashOf(item)) same += 1;
      else replaced += 1;
    }
  };
  const byId = ({ id }: { readonly id: string }): string => id;
  compare(file.risks, present.risks, byId);
  compare(file.environment, present.environment, byId);
  compare(file.runbooks, present.runbooks, byId);
  compare(file.objectives, present.objectives, ({ dataClass }) => dataClass);
  return { added, replaced, same, notes: unknownPlans(file.runbooks, plans) };
}

/** Runbooks that rely on backup plans which this console does not have: worth saying, no reason to refuse. */
function unknownPlans(runbooks: readonly Runbook[], plans: readonly string[]): Bilingual[] {
  const unknown = new Set(
    runbooks.flatMap((runbook) => runbook.plans).filter((name) => !plans.includes(name)),
  );
  return [...unknown].map((name) => ({
    zh: `预案依赖备份计划“${name}”，本控制台没有这个计划。`,
    en: `A runbook relies on backup plan "${name}", which this console does not have.`,
  }));
}
