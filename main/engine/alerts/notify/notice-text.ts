import type { NoticeKind } from '#shared/contract/notice.ts';
import type { Problem } from '#shared/contract/site.ts';
import type { Bilingual } from '#shared/errors/index.ts';
import { clockTime } from './trace-text.ts';

/** What a notice is about. */
export type NoticeSubject = {
  readonly kind: NoticeKind;
  /** Worst first. */
  readonly firing: readonly (Problem & { readonly flaps: number })[];
  readonly ended: readonly Problem[];
  /** Alerts that are not told of because the firing ones are their cause. */
  readonly behind: number;
  /** Of an escalation, from 1. */
  readonly step: number;
  /** Of a silence or maintenance that ended. */
  readonly hiddenBy: Bilingual | null;
};

/** Alerts that a text lists; a notice carries all of them beside it. */
const MOST_LINES = 10;

const SEVERITY: Readonly<Record<Problem['severity'], Bilingual>> = {
  critical: { zh: '严重', en: 'critical' },
  warning: { zh: '警告', en: 'warning' },
  info: { zh: '提示', en: 'info' },
};

/** What kinds of notices are called in stories. */
export const NOTICE_KIND: Readonly<Record<NoticeKind, Bilingual>> = {
  firing: { zh: '触发', en: 'Firing' },
  resolved: { zh: '恢复', en: 'Resolved' },
  reminder: { zh: '提醒', en: 'Reminder' },
  escalation: { zh: '升级', en: 'Escalation' },
  silence_ended: { zh: '静默结束', en: 'End of silence' },
  test: { zh: '测试', en: 'Test' },
};

/** One line that says it all, and a few lines with the next steps. */
export function noticeText(subject: NoticeSubject): { readonly title: Bilingual; readonly text: Bilingual } {
  return { title: titleOf(subject), text: join(linesOf(subject)) };
}

function titleOf({ kind, firing, ended, behind, step, hiddenBy }: NoticeSubject): Bilingual {
  const told = firing.length > 0 ? firing : ended;
  const [worst] = told;
  const sentence = worst?.sentence ?? { zh: '', en: '' };
  const what: Bilingual = told.length > 1 ? manyTold(told, sentence) : sentence;
  const after: Bilingual =
    behind === 0 || firing.length === 0
      ? { zh: '', en: '' }
      : { zh: `（${behind} 条告警因它而起）`, en: ` (${behind} more alerts because of it)` };
  const flapping = firing.length === 1 && (firing[0]?.flaps ?? 0) > 0;
  const head = headOf(kind, firing.length === 0, flapping, step, hiddenBy);
  return { zh: `${head.zh}${what.zh}${after.zh}`, en: `${head.en}${what.en}${after.en}` };
}

const OF_HOSTS: ReadonlySet<string> = new Set(['host_down', 'host_unreachable']);

/** So many at once, and the worst of them. When all are dead hosts, it is hosts that are counted. */
function manyTold(told: readonly Problem[], { zh, en }: Bilingual): Bilingual {
  const count = told.length;
  return told.every(({ condition }) => OF_HOSTS.has(condition))
    ? {
        zh: `${count} 台主机故障或不可达，如 ${zh}`,
        en: `${count} hosts are down or unreachable, such as: ${en}`,
      }
    : { zh: `${count} 条告警，如 ${zh}`, en: `${count} alerts, such as: ${en}` };
}

function headOf(
  kind: NoticeKind,
  allEnded: boolean,
  flapping: boolean,
  step: number,
  hiddenBy: Bilingual | null,
): Bilingual {
  if (allEnded || kind === 'resolved') return { zh: '已恢复：', en: 'Resolved: ' };
  if (kind === 'reminder') return { zh: '仍未解决：', en: 'Still open: ' };
  if (kind === 'escalation')
    return { zh: `无人确认（第 ${step} 级）：`, en: `Nobody has acknowledged (step ${step}): ` };
  if (kind === 'silence_ended' && hiddenBy !== null)
    return { zh: '静默或维护已结束，仍在触发：', en: 'A silence or maintenance has ended, still firing: ' };
  return flapping ? { zh: '反复触发：', en: 'Flapping: ' } : { zh: '', en: '' };
}

function linesOf({ firing, ended, behind, hiddenBy }: NoticeSubject): readonly Bilingual[] {
  const lines: Bilingual[] = hiddenBy === null ? [] : [hiddenBy];
  for (const problem of firing.slice(0, MOST_LINES)) {
    const word = SEVERITY[problem.severity];
    const since = clockTime(problem.since);
    const flaps: Bilingual =
      problem.flaps === 0
        ? { zh: '', en: '' }
        : {
            zh: `反复触发 ${problem.flaps} 次，平稳之前不再逐次通知。`,
            en: ` It opened ${problem.flaps} times; single changes are not told until it calms down.`,
          };
    lines.push(
      {
        zh: `[${word.zh}] ${problem.sentence.zh}（自 ${since}）${flaps.zh}`,
        en: `[${word.en}] ${problem.sentence.en} (since ${since})${flaps.en}`,
      },
      { zh: `  下一步：${problem.next.zh}`, en: `  Next: ${problem.next.en}` },
    );
  }
  lines.push(...moreThan(firing.length, { zh: '触发中', en: 'firing' }));
  if (behind > 0 && firing.length > 0)
    lines.push({
      zh: `另有 ${behind} 条告警因以上原因而起，不再逐条通知；在控制台中可逐条查看。`,
      en: `${behind} more alerts have this cause and are not told one by one; the console shows each.`,
    });
  for (const problem of ended.slice(0, MOST_LINES))
    lines.push({
      zh: `[已恢复] ${problem.sentence.zh}（${clockTime(problem.since)} 至 ${clockTime(problem.until ?? problem.since)}）`,
      en: `[resolved] ${problem.sentence.en} (${clockTime(problem.since)} to ${clockTime(problem.until ?? problem.since)})`,
    });
  lines.push(...moreThan(ended.length, { zh: '已恢复', en: 'resolved' }));
  return lines;
}

function moreThan(count: number, word: Bilingual): readonly Bilingual[] {
  const more = count - MOST_LINES;
  if (more <= 0) return [];
  return [{ zh: `……另有 ${more} 条${word.zh}`, en: `… and ${more} more ${word.en}` }];
}

function join(lines: readonly Bilingual[]): Bilingual {
  return { zh: lines.map(({ zh }) => zh).join('\n'), en: lines.map(({ en }) => en).join('\n') };
}
