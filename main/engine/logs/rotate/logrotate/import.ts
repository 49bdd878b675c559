import { basename } from 'node:path';
import type * as z from 'zod';
import {
  type logrotateRefusalSchema,
  type RotationPolicy,
  type RotationPolicyInput,
  rotationPolicySchema,
} from '#shared/contract/logs-rotation-policy.ts';
import { type Bilingual, ok, type Result } from '#shared/errors/index.ts';
import { applyDirective, type BlockSettings, newSettings } from './directives.ts';
import { type Directive, readLogrotate } from './read.ts';

export type LogrotateRefusal = z.infer<typeof logrotateRefusalSchema>;

/** What a logrotate configuration becomes. */
export type LogrotateRead = {
  readonly policies: RotationPolicy[];
  readonly refused: LogrotateRefusal[];
  readonly warnings: { file: string; line: number; text: Bilingual }[];
  readonly files: string[];
};

/**
 * Reads a logrotate configuration with what it includes; each block becomes a policy. Directives that cannot be taken are
 * refused by name and line.
 */
export function importLogrotate(path: string, text: string | undefined): Result<LogrotateRead> {
  const read = readLogrotate(path, text);
  if (!read.ok) return read;
  const refused: LogrotateRefusal[] = [];
  const warnings: LogrotateRead['warnings'] = [];
  const policies: RotationPolicy[] = [];
  const names = new Set<string>();
  let globals: BlockSettings = newSettings();
  const apply = (settings: BlockSettings, directive: Directive): BlockSettings => {
    const { file, line, name, args } = directive;
    const applied = applyDirective(settings, directive);
    if (applied.warning !== undefined) warnings.push({ file, line, text: applied.warning });
    if (applied.settings !== undefined) return applied.settings;
    refused.push({ file, line, directive: [name, ...args].join(' '), why: applied.refusal });
    return settings;
  };
  for (const part of read.value.parts) {
    if (part.kind === 'global') {
      globals = apply(globals, part.directive);
      continue;
    }
    const settings = part.directives.reduce(apply, globals);
    const wrong = part.paths.find((one) => !one.startsWith('/'));
    const made = wrong === undefined ? policyOf(part.paths, settings, names) : null;
    const parsed = made === null ? null : rotationPolicySchema.safeParse(made);
    if (parsed?.success) policies.push(parsed.data);
    else
      refused.push({
        file: part.file,
        line: part.line,
        directive: wrong ?? part.paths.join(' '),
        why:
          wrong === undefined
            ? {
                zh: '这个块无法成为策略。',
                en: `This block cannot become a policy: ${parsed?.error.issues[0]?.message ?? ''}`,
              }
            : { zh: '不是绝对路径。', en: 'Not an absolute path.' },
      });
  }
  return ok({ policies, refused, warnings, files: [...read.value.files] });
}

/** A name from the first path, unlike those before. */
function nameOf(paths: readonly string[], names: Set<string>): string {
  const [path = 'log'] = paths;
  const parts = path.split('/').filter((one) => one !== '');
  const own = /[*?[]/.test(basename(path)) ? `${parts.at(-2) ?? ''}-${basename(path)}` : basename(path);
  const base =
    own
      .replace(/[^\p{L}\p{N}._-]+/gu, '')
      .replace(/^[^\p{L}\p{N}]+/u, '')
      .slice(0, 60) || 'log';
  let name = base;
  for (let n = 2; names.has(name); n += 1) name = `${base}-${n}`;
  names.add(name);
  return name;
}

function policyOf(
  paths: readonly string[],
  settings: BlockSettings,
  names: Set<string>,
): RotationPolicyInput {
  const { criterion, maxBytes, minBytes } = settings;
  return {
    name: nameOf(paths, names),
    paths: [...paths],
    when:
      criterion.kind === 'size'
        ? { bytes: criterion.bytes }
        : { schedule: criterion.cron, bytes: maxBytes, scheduleMinBytes: minBytes },
    skipEmpty: settings.skipEmpty,
    missingOk: settings.missingOk,
    method: settings.copyTruncate ? 'copytruncate' : 'rename',
    create: settings.copyTruncate ? null : settings.create,
    hooks: settings.hooks,
    compress: settings.compress ? settings.compressWith : 'none',
    delayCompress: settings.compress && settings.delayCompress,
    naming: settings.dated
      ? {
          style: 'dated',
          format:
            settings.dateFormat ??
            (criterion.kind === 'time' && criterion.isHourly ? '-%Y%m%d%H' : '-%Y%m%d'),
          yesterday: settings.yesterday,
        }
      : { style: 'numbered', start: settings.start },
    extension: settings.extension,
    compressExtension: settings.compressExtension,
    dir: settings.oldDir,
    keep: { count: settings.rotate, days: settings.maxAge },
  };
}
