import type { Delivery } from '#shared/contract/notice.ts';
import type { AlertRecord, AlertView, TraceEntry } from '#shared/contract/notify-alerts.ts';
import type { Bilingual } from '#shared/errors/index.ts';
import type { TraceRecord } from './model.ts';
import { clockTime, traceText } from './trace-text.ts';

/** Entries that a story shows; those in the middle of a longer one are left out. */
const MOST_SHOWN = 500;

/**
 * The story of an alert in order of time: what was decided, and what became of each notice.
 *
 * @param deliveries of a notice, by its id
 */
export function storyOf(
  records: readonly TraceRecord[],
  deliveries: (notice: string) => readonly Delivery[],
  channelName: (channel: string) => string,
): { readonly entries: TraceEntry[]; readonly leftOut: number } {
  const notices = new Set(records.flatMap(({ notice }) => notice ?? []));
  const delivered = [...notices].flatMap(deliveries).map((delivery): TraceEntry => {
    const { recipient, attempt, state, error, at, notice } = delivery;
    const name = channelName(recipient.channel);
    return {
      at,
      kind: 'delivery',
      text: traceText.delivery(state, name, recipient.to, attempt, error?.message ?? null),
      link: null,
      notice,
      cause: null,
      delivery,
    };
  });
  const told = records.map(
    ({ alert: _alert, since: _since, ...entry }): TraceEntry => ({ ...entry, delivery: null }),
  );
  // Sorting keeps the order of what happened at the same time.
  const entries = [...told, ...delivered].sort((a, b) => a.at - b.at);
  const leftOut = Math.max(0, entries.length - MOST_SHOWN);
  if (leftOut > 0) entries.splice(MOST_SHOWN / 2, leftOut);
  return { entries, leftOut };
}

/** The answer in one sentence: whether somebody was told, or why nobody was. */
export function verdictOf(
  record: AlertRecord,
  view: AlertView | null,
  entries: readonly TraceEntry[],
): Bilingual {
  const told = toldSentence(record, entries);
  if (view === null) return told;
  const [cause] = view.suppressedBy;
  if (view.acknowledgement !== null) {
    const { by, at } = view.acknowledgement;
    return also(told, {
      zh: `${by} 于 ${clockTime(at)} 确认，恢复之前不再通知。`,
      en: `${by} acknowledged it at ${clockTime(at)}; nobody is told again until it ends.`,
    });
  }
  if (cause !== undefined)
    return also(told, { zh: `现在不通知：${cause.text.zh}。`, en: `Nobody is told now: ${cause.text.en}.` });
  const next = view.routes.flatMap((route) => route.next ?? []).toSorted((a, b) => a.at - b.at)[0];
  if (next === undefined) return told;
  return also(told, {
    zh: `若无变化，下一次通知在 ${clockTime(next.at)}。`,
    en: `If nothing changes, the next notice leaves at ${clockTime(next.at)}.`,
  });
}

const also = (first: Bilingual, second: Bilingual): Bilingual => ({
  zh: `${first.zh}${second.zh}`,
  en: `${first.en} ${second.en}`,
});

function toldSentence(
  { toldAt, problem, suppressedBy }: AlertRecord,
  entries: readonly TraceEntry[],
): Bilingual {
  if (toldAt === null) {
    const last = entries.findLast(({ kind }) => kind === 'suppressed');
    if (problem.until !== null && last !== undefined && suppressedBy.length > 0)
      return { zh: `没有通知过任何人：${last.text.zh}。`, en: `Nobody was told: ${last.text.en}.` };
    return { zh: '还没有通知过任何人。', en: 'Nobody has been told yet.' };
  }
  const deliveries = entries.flatMap(({ delivery }) => delivery ?? []);
  const reached = deliveries.filter(({ state }) => state === 'delivered').length;
  const lost = deliveries.filter(({ state }) => state === 'failed' || state === 'dropped').length;
  const at = clockTime(toldAt);
  if (lost > 0)
    return {
      zh: `${at} 首次通知；送达 ${reached} 次，失败 ${lost} 次。`,
      en: `First told at ${at}; ${reached} copies delivered, ${lost} failed.`,
    };
  if (reached > 0)
    return {
      zh: `${at} 首次通知，已送达 ${reached} 次。`,
      en: `First told at ${at}; ${reached} copies delivered.`,
    };
  return {
    zh: `${at} 首次通知，尚无送达结果。`,
    en: `First told at ${at}; nothing is known of its delivery yet.`,
  };
}
