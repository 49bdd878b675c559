import * as z from 'zod';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { scanJson } from './scan-json.ts';

/** The version that this console writes; documents of a later one are refused. Before the third there were hosts and jobs only. */
export const DOCUMENT_VERSION = 3;
const FIRST_WITH_SECTIONS = 3;
const DEEPEST = 60;

/** Members that are no sections. */
const headSchema = z.object({
  format: z.literal('hmtt-site'),
  version: z.int().min(1),
  console: z.string().max(100).optional(),
  exportedAt: z.string().max(100).optional(),
  secretsLeftOut: z.array(z.string().max(2_000)).max(200_000).optional(),
  sealedSecrets: z
    .string()
    .regex(/^-----BEGIN AGE ENCRYPTED FILE-----/)
    .optional(),
});
const HEAD: ReadonlySet<string> = new Set(Object.keys(headSchema.shape));

/** A document whose frame is sound; its sections are not looked at yet. */
export type DocumentFrame = {
  readonly version: number;
  readonly console: string | null;
  readonly exportedAt: string | null;
  /** The age file that holds the secrets, or null. */
  readonly sealedSecrets: string | null;
  /** Members by name, in their order. */
  readonly members: ReadonlyMap<string, unknown>;
};

/**
 * Reads the frame of a document.
 *
 * @param known names of sections
 * @returns SITE_DOCUMENT_INVALID with what is wrong: no JSON, another format, a later version, an unknown section
 */
export function readDocument(
  file: string,
  text: string,
  known: ReadonlySet<string>,
  ofFirstVersions: ReadonlySet<string>,
): Result<DocumentFrame> {
  const refuse = (zh: string, en: string): Result<never> =>
    err(appError('SITE_DOCUMENT_INVALID', { file, zh, en }));
  const bare = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const shape = scanJson(bare, DEEPEST);
  if (shape.depth > DEEPEST)
    return refuse(`嵌套超过 ${DEEPEST} 层`, `it is nested more than ${DEEPEST} deep`);
  let value: unknown;
  try {
    value = JSON.parse(bare);
  } catch (thrown) {
    return refuse(`不是 JSON（${describeThrown(thrown)}）`, `it is not JSON (${describeThrown(thrown)})`);
  }
  if (shape.duplicate !== null)
    return refuse(
      `成员“${shape.duplicate}”在同一对象中出现两次`,
      `the member "${shape.duplicate}" stands twice in one object`,
    );
  if (typeof value !== 'object' || value === null || !('format' in value) || value.format !== 'hmtt-site')
    return refuse('不是站点配置文件', 'it is not a site document');
  if ('version' in value && typeof value.version === 'number' && value.version > DOCUMENT_VERSION)
    return refuse(
      `它的版本是 ${value.version}，来自更新的控制台；这里最多能读版本 ${DOCUMENT_VERSION}`,
      `its version is ${value.version}, of a newer console; this one reads up to ${DOCUMENT_VERSION}`,
    );
  const head = headSchema.safeParse(value);
  if (!head.success) {
    const issue = head.error.issues[0];
    const field = issue?.path.join('.') ?? '';
    return refuse(`字段“${field}”：${issue?.message ?? ''}`, `field "${field}": ${issue?.message ?? ''}`);
  }
  const { version } = head.data;
  const members = new Map(Object.entries(value).filter(([name]) => !HEAD.has(name)));
  const allowed = version < FIRST_WITH_SECTIONS ? ofFirstVersions : known;
  for (const name of members.keys())
    if (!allowed.has(name))
      return refuse(`不认识“${name}”部分`, `the section "${name}" is not known in version ${version}`);
  return ok({
    version,
    console: head.data.console ?? null,
    exportedAt: head.data.exportedAt ?? null,
    sealedSecrets: head.data.sealedSecrets ?? null,
    members,
  });
}
