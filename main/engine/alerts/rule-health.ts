import type { LiveGroup, LiveRule } from '#shared/contract/rules.ts';
import type { Bilingual } from '#shared/errors/index.ts';
import type { Sighting } from './built-in.ts';
import { roughly } from './roughly.ts';

/** A kept rule file of which nothing runs, and why. */
export type RuleFileFault = { readonly file: string; readonly why: string };

/** Skipped evaluations of one group. */
export type MissedRuns = {
  readonly file: string;
  readonly group: string;
  /** Since the first look at it. */
  readonly count: number;
  readonly lastAt: number;
};

/** Skipped evaluations are told for so long after the last of them. */
const MISSED_TOLD_MS = 10 * 60_000;
/** A group that began nothing for so many intervals, and this long besides, hangs. */
const LATE_INTERVALS = 3;
const LATE_MS = 30_000;

/**
 * Remembers when groups skipped evaluations: the groups themselves only count.
 *
 * @returns what each group skipped lately
 */
export function watchMissedRuns(): (groups: readonly LiveGroup[], now: number) => readonly MissedRuns[] {
  const seen = new Map<string, { missed: number; count: number; lastAt: number }>();
  return (groups, now) => {
    const keys = new Set(groups.map(({ file, name }) => `${file}\0${name}`));
    for (const key of seen.keys()) if (!keys.has(key)) seen.delete(key);
    return groups.flatMap(({ file, name, missed }) => {
      const key = `${file}\0${name}`;
      const entry = seen.get(key) ?? { missed, count: 0, lastAt: Number.NEGATIVE_INFINITY };
      if (missed > entry.missed) {
        entry.count += missed - entry.missed;
        entry.lastAt = now;
      }
      entry.missed = missed;
      if (now - entry.lastAt > MISSED_TOLD_MS) entry.count = 0;
      seen.set(key, entry);
      return entry.count === 0 ? [] : [{ file, group: name, count: entry.count, lastAt: entry.lastAt }];
    });
  };
}

/**
 * Rules that cannot say anything: those that fail, groups that come late, files that cannot be read. A rule whose policy says
 * so (`sight.told`) fails without a word.
 */
export function ruleHealthProblems(
  groups: readonly LiveGroup[],
  missed: readonly MissedRuns[],
  faults: readonly RuleFileFault[],
  now: number,
): readonly Sighting[] {
  return [
    ...faults.map(fileProblem),
    ...groups.flatMap((group) => [
      ...lateProblems(group, missed, now),
      ...group.rules.flatMap((rule, index) =>
        rule.sight?.told === false
          ? []
          : rule.health === 'err'
            ? [failingRule(group, rule, index)]
            : blindRule(group, rule, index),
      ),
    ]),
  ];
}

function failingRule({ file, name: group }: LiveGroup, rule: LiveRule, index: number): Sighting {
  const why = rule.lastError ?? '';
  return {
    // Two rules of a group may have one name.
    id: `rule_failing:${file}:${group}:${index}:${rule.name}`.slice(0, 500),
    condition: 'rule_failing',
    about: { file, group, rule: rule.name, reason: reasonOf(why) },
    severity: 'warning',
    since: null,
    sentence: {
      zh: `规则 ${rule.name}（组“${group}”）无法求值，它现在什么都发现不了：${why}`,
      en: `Rule ${rule.name} of group "${group}" cannot be evaluated, so it finds nothing now: ${why}`,
    },
    next: {
      zh: '打开规则修正表达式，或查看它所需的序列是否重复、过多。',
      en: 'Open the rule and correct its expression, or see whether its series are doubled or too many.',
    },
    link: '/alerts?tab=rules',
  };
}

/** A rule that is evaluated and sees nothing: what it asks for is not there, or is there no longer. */
function blindRule({ file, name: group }: LiveGroup, rule: LiveRule, index: number): readonly Sighting[] {
  const { sight } = rule;
  if (sight === undefined || sight.state === 'ok' || sight.state === 'error') return [];
  const isLost = sight.state === 'stale';
  return [
    {
      id: `rule_blind:${file}:${group}:${index}:${rule.name}`.slice(0, 500),
      condition: 'rule_blind',
      about: { file, group, rule: rule.name, reason: sight.state },
      // What never was there is nothing that broke: a rule for something that this site does not have.
      severity: isLost ? 'warning' : 'info',
      since: sight.since,
      sentence: isLost
        ? (endedAlerts(group, rule.name, sight.lost) ?? {
            zh: `规则 ${rule.name}（组“${group}”）所依据的序列已中断，它现在什么都发现不了。`,
            en: `The series that rule ${rule.name} of group "${group}" looks at have ended, so it finds nothing now.`,
          })
        : {
            zh: `规则 ${rule.name}（组“${group}”）所依据的序列不存在，它什么都发现不了。`,
            en: `There are no series that rule ${rule.name} of group "${group}" looks at, so it finds nothing.`,
          },
      next: {
        zh: '检查采集目标是否还在提供该指标；本站点没有的，关闭该规则，或在规则策略中设为不提示。',
        en: 'See whether its targets still give the metric; where the site has no such thing, switch the rule off, or set its policy.',
      },
      link: '/alerts?tab=rules',
    },
  ];
}

/** Alerts named in one sentence; more are counted. */
const MOST_NAMED = 3;

/** Says of alerts that they are over only because nobody sees any more; null when there are none. */
function endedAlerts(
  group: string,
  rule: string,
  lost: readonly Readonly<Record<string, string>>[],
): Bilingual | null {
  if (lost.length === 0) return null;
  const names = lost
    .slice(0, MOST_NAMED)
    .map(({ alertname: _name, severity: _severity, ...others }) => Object.values(others).join(' '))
    .join('; ');
  const more = lost.length > MOST_NAMED ? ' …' : '';
  return {
    zh: `规则 ${rule}（组“${group}”）有 ${lost.length} 条告警因序列中断而结束，并不代表已恢复：${names}${more}`,
    en: `${lost.length} alerts of rule ${rule} of group "${group}" ended because their series did, not because all is well: ${names}${more}`,
  };
}

/** Why rules fail, in a word that routes can go by. */
function reasonOf(why: string): 'limit' | 'timeout' | 'error' {
  if (why.startsWith('exceeded limit of')) return 'limit';
  return /took longer than|timed out/.test(why) ? 'timeout' : 'error';
}

function lateProblems(group: LiveGroup, missed: readonly MissedRuns[], now: number): readonly Sighting[] {
  const { file, name, intervalMs, lastEvaluation } = group;
  const skipped = missed.find((each) => each.file === file && each.group === name);
  const late = lastEvaluation !== null && now - lastEvaluation > LATE_MS + LATE_INTERVALS * intervalMs;
  if (!late && skipped === undefined) return [];
  const age = roughly(now - (lastEvaluation ?? now));
  return [
    {
      id: `rule_group_late:${file}:${name}`.slice(0, 500),
      condition: 'rule_group_late',
      about: { file, group: name },
      severity: 'warning',
      since: late ? lastEvaluation : null,
      sentence: late
        ? {
            zh: `规则组“${name}”已${age.zh}没有求值，它的告警是旧的。`,
            en: `Rule group "${name}" was not evaluated for ${age.en}; its alerts are old.`,
          }
        : {
            zh: `规则组“${name}”漏掉了 ${skipped?.count ?? 0} 次求值：每次求值比间隔还长，或工作站太忙。`,
            en: `Rule group "${name}" skipped ${skipped?.count ?? 0} evaluations: one takes longer than its interval, or the workstation is too busy.`,
          },
      next: {
        zh: '加长该组的间隔、拆分该组，或简化其中最慢的规则。',
        en: 'Give the group a longer interval, part it, or make its slowest rule simpler.',
      },
      link: '/alerts?tab=rules',
    },
  ];
}

function fileProblem({ file, why }: RuleFileFault): Sighting {
  return {
    id: `rule_file_unreadable:${file}`.slice(0, 500),
    condition: 'rule_file_unreadable',
    about: { file },
    severity: 'critical',
    since: null,
    sentence: {
      zh: `规则文件 ${file} 无法载入，它的规则都没有运行：${why}`,
      en: `Rule file ${file} cannot be loaded, and none of its rules runs: ${why}`,
    },
    next: { zh: '更正该文件后重新添加。', en: 'Correct the file and add it again.' },
    link: '/alerts?tab=rules',
  };
}
