import { isDeepStrictEqual } from 'node:util';
import type { PlanChange } from '#shared/contract/backup-schedule.ts';
import type { Bilingual } from '#shared/errors/index.ts';

/** The settings of a plan by name; a plan that is not there yet or not any more has none. */
type Settings = Readonly<Record<string, unknown>>;

/** Which settings differ, in the order of their names. */
export function changedFields(before: Settings, after: Settings): PlanChange['fields'] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names
    .filter((name) => !isDeepStrictEqual(before[name], after[name]))
    .map((name) => ({ name, before: before[name] ?? null, after: after[name] ?? null }));
}

/** The settings that decide what is in a point. */
const CONTENT = ['sources', 'exclude'] as const;
const WORDS = {
  sources: { zh: '备份内容', en: 'What is backed up' },
  exclude: { zh: '排除规则', en: 'What is excluded' },
} as const satisfies Record<(typeof CONTENT)[number], Bilingual>;

const listOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];

/**
 * Why the next point differs from the one before although nobody touched the files: the plan was changed since.
 *
 * @param changes of the plan, in any order
 * @param since start of the run before, UTC milliseconds; null when there was none
 */
export function contentReasons(changes: readonly PlanChange[], since: number | null): readonly Bilingual[] {
  if (since === null) return [];
  const later = changes.filter(({ at, kind }) => kind === 'changed' && at > since);
  return CONTENT.flatMap((name) => {
    const fields = later
      .toSorted((a, b) => a.at - b.at)
      .flatMap((change) => change.fields.filter((field) => field.name === name));
    const [first, last] = [fields[0], fields.at(-1)];
    if (first === undefined || last === undefined) return [];
    const [before, after] = [listOf(first.before), listOf(last.after)];
    const added = after.filter((entry) => !before.includes(entry));
    const dropped = before.filter((entry) => !after.includes(entry));
    if (added.length === 0 && dropped.length === 0) return [];
    const zh = [
      ...(added.length > 0 ? [`增加 ${added.join('、')}`] : []),
      ...(dropped.length > 0 ? [`去掉 ${dropped.join('、')}`] : []),
    ];
    const en = [
      ...(added.length > 0 ? [`added ${added.join(', ')}`] : []),
      ...(dropped.length > 0 ? [`no longer ${dropped.join(', ')}`] : []),
    ];
    return [
      {
        zh: `自上次运行以来，${WORDS[name].zh}有改动：${zh.join('；')}。`,
        en: `${WORDS[name].en} was changed since the last run: ${en.join('; ')}.`,
      },
    ];
  });
}
