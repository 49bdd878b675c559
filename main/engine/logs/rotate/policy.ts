import { basename } from 'node:path';
import {
  type RotationCodec,
  type RotationPolicy,
  rotationPolicySchema,
} from '#shared/contract/logs-rotation-policy.ts';
import { cronTimes } from '#shared/domain/schedule/cron-times.ts';
import { type AppError, appError, type Bilingual, err, ok, type Result } from '#shared/errors/index.ts';
import { type FoundFile, findFiles, isSinglePath, parsePathPattern } from '../tail/glob.ts';
import { isRotatedName } from '../tail/names.ts';
import type { SegmentCipher } from './cipher.ts';
import { possibleCodec } from './segment-file.ts';

const wrong = (zh: string, en: string, field: string) =>
  err(appError('LOG_ROTATION_POLICY', { why: { zh, en } }, { field }));

/** Checks what a schema cannot: paths, schedule, recipients, and settings that exclude each other. */
export async function checkPolicy(policy: RotationPolicy, cipher: SegmentCipher): Promise<Result<object>> {
  for (const [index, path] of policy.paths.entries()) {
    const pattern = parsePathPattern(path);
    if (!pattern.ok) return err({ ...pattern.error, field: `paths.${index}` });
  }
  const { schedule } = policy.when;
  if (schedule !== null) {
    const next = cronTimes(schedule, 0, 1);
    if (!next.ok)
      return wrong(`计划“${schedule}”：${next.why}`, `schedule "${schedule}": ${next.why}`, 'when.schedule');
  }
  if (policy.encryptTo.length > 0) {
    if (policy.compress === 'none')
      return wrong('加密需要压缩。', 'encryption needs compression.', 'encryptTo');
    if (policy.delayCompress)
      return wrong(
        '加密不能与延迟压缩同用：明文会一直留到下次轮转。',
        'encryption excludes delayed compression: the plain text would lie there until the next rotation.',
        'delayCompress',
      );
    const problem = await cipher.problem(policy.encryptTo);
    if (problem !== null) return err({ ...problem, field: 'encryptTo' });
  }
  if (policy.extension !== '' && policy.extension.includes('/'))
    return wrong('扩展名不能含“/”。', 'the extension must not contain "/".', 'extension');
  if (policy.naming.style === 'dated' && !policy.naming.format.includes('%'))
    return wrong('日期格式中没有日期。', 'the date format holds no date.', 'naming.format');
  if (policy.naming.style === 'dated' && policy.naming.format.includes('/'))
    return wrong('日期格式不能含“/”。', 'the date format must not contain "/".', 'naming.format');
  const onHost = checkHostPolicy(policy);
  if (!onHost.ok) return onHost;
  const { days, lockDays } = policy.keep;
  if (days !== null && days < lockDays)
    return wrong(
      `保留 ${days} 天短于锁定的 ${lockDays} 天。`,
      `keeping ${days} days is shorter than the lock of ${lockDays} days.`,
      'keep.days',
    );
  return ok({});
}

/** Why a policy that is stored is not run: a request with it would be refused today. Null when it would not. */
export function outdated(policy: RotationPolicy): AppError | null {
  const field = rotationPolicySchema.safeParse(policy).error?.issues[0]?.path.join('.');
  return field === undefined
    ? null
    : appError('LOG_ROTATION_POLICY_OUTDATED', { name: policy.name, field }, { field });
}

/** What a policy for files of a host cannot have. */
function checkHostPolicy(policy: RotationPolicy): Result<object> {
  if (policy.host === null) return ok({});
  const { reopen, create, hooks } = policy;
  if (policy.method === 'copytruncate')
    return wrong(
      '主机上的日志不能复制后截断，请改用重命名。',
      'files of a host are renamed, not copied and truncated.',
      'method',
    );
  if (policy.naming.style !== 'archive' || policy.dir !== null || policy.delayCompress)
    return wrong(
      '主机上的日志只归档到控制台的数据文件夹。',
      "files of a host go into the console's archive.",
      policy.delayCompress ? 'delayCompress' : 'naming',
    );
  if ([hooks.first, hooks.before, hooks.after, hooks.last].some((hook) => hook !== null))
    return wrong('主机上不运行脚本。', 'no scripts run on a host.', 'hooks');
  if (create !== null && (create.mode !== null || create.user !== null || create.group !== null))
    return wrong(
      '主机上新建的文件沿用旧文件的权限与属主。',
      'a new file on a host has mode and owner of the old one.',
      'create',
    );
  if (reopen.kind === 'signal' && (reopen.pidFile === null || !reopen.pidFile.startsWith('/')))
    return wrong(
      '主机上发信号需要进程号文件。',
      'a signal on a host needs a file that holds the process id.',
      'reopen.pidFile',
    );
  if (reopen.kind === 'service' && reopen.action !== 'reload')
    return wrong('主机上的服务只能重载。', 'a service on a host can only be reloaded.', 'reopen.action');
  if (
    reopen.kind === 'command' &&
    !/^\/etc\/hmtt-console\/reopen\/[A-Za-z0-9][\w.-]{0,99}$/.test(reopen.command)
  )
    return wrong(
      '主机上只能运行 /etc/hmtt-console/reopen/ 中的脚本（由主机管理员放置）。',
      "on a host only scripts of /etc/hmtt-console/reopen/ run, which the host's administrator puts there.",
      'reopen.command',
    );
  return ok({});
}

/**
 * What an operator should know of a policy that can be used.
 *
 * @param written how this engine packs what the policy wants packed
 */
export function policyWarnings(
  policy: RotationPolicy,
  written: RotationCodec = possibleCodec(policy.compress),
): readonly Bilingual[] {
  const warnings: Bilingual[] = [];
  const { when, keep, reopen, hooks } = policy;
  if (policy.method === 'copytruncate')
    warnings.push({
      zh: '复制后截断会丢失截断瞬间写入的行；丢失量会测量并显示。能改用重命名时请改用。',
      en: 'copytruncate loses what is written at the moment of the truncation; how much is measured and shown. Use rename where the program can reopen its log.',
    });
  if (written !== policy.compress)
    warnings.push({
      zh: '当前运行环境没有 zstd，归档写成 gzip（.gz）。请用正式发布的控制台。',
      en: 'This runtime has no zstd: segments are written as gzip (.gz). Use a released console.',
    });
  if (when.schedule === null && when.bytes === null && when.ageMs === null)
    warnings.push({
      zh: '没有自动轮转的条件，只能手动轮转。',
      en: 'No rule makes it rotate by itself; only by hand.',
    });
  if (policy.method === 'rename' && reopen.kind === 'none' && hooks.after === null)
    warnings.push({
      zh: '没有设置如何通知程序重新打开日志；若程序一直持有旧文件，轮转会失败并告警。',
      en: 'Nothing tells the program to reopen its log; if it holds on to the old file, the rotation fails and says so.',
    });
  if (keep.count === null && keep.days === null)
    warnings.push({ zh: '归档永不删除。', en: 'Archived segments are never removed.' });
  if (keep.count !== null && keep.lockDays > 0)
    warnings.push({
      zh: `超过 ${keep.count} 份但未满 ${keep.lockDays} 天的归档会保留。`,
      en: `More than ${keep.count} segments stay while they are younger than ${keep.lockDays} days.`,
    });
  return warnings;
}

/** A file that a policy names. */
export type PolicyFile = {
  readonly path: string;
  readonly size: number | bigint;
  /** On a host: the path there. */
  readonly remotePath: string | null;
};

/** The files that a policy names now. */
export type PolicyFiles = {
  readonly files: readonly PolicyFile[];
  /** Paths that match nothing, and folders that cannot be read. */
  readonly missing: readonly string[];
  readonly problems: readonly { readonly path: string; readonly why: string }[];
};

/** Finds the files of a policy: no rotated ones, no segments, none that is excluded. */
export function filesOf(policy: RotationPolicy, isOwn: (path: string) => boolean): PolicyFiles {
  const found = new Map<string, FoundFile>();
  const missing: string[] = [];
  const problems: { path: string; why: string }[] = [];
  for (const path of policy.paths) {
    const pattern = parsePathPattern(path);
    if (!pattern.ok) continue;
    const one = findFiles(pattern.value);
    problems.push(...one.problems);
    if (one.files.length === 0 && isSinglePath(pattern.value)) missing.push(path);
    for (const file of one.files) found.set(file.path, file);
  }
  const names = [...found.keys()];
  const excluded = excluder(policy.exclude);
  const files = [...found.values()].filter(
    ({ path }) =>
      !isOwn(path) && !excluded(path) && !names.some((other) => other !== path && isRotatedName(other, path)),
  );
  return { files: files.map(({ path, size }) => ({ path, size, remotePath: null })), missing, problems };
}

/** Names (`*.bak`) or full paths that are left alone. */
export function excluder(patterns: readonly string[]): (path: string) => boolean {
  const tests = patterns.map((pattern) => {
    const source = pattern
      .replace(/[\\^$.|()+{}]/g, '\\$&')
      .replaceAll('*', '[^/]*')
      .replaceAll('?', '[^/]');
    const whole = pattern.startsWith('/');
    const test = new RegExp(`^${source}$`, 'su');
    return (path: string): boolean => test.test(whole ? path : basename(path));
  });
  return (path) => tests.some((test) => test(path));
}
