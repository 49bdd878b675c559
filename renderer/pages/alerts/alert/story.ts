import type { TraceEntry } from '#shared/contract/notify-alerts.ts';

/** A line of a story: an entry, and how many attempts like it come before it without being shown. */
export type StoryLine = { readonly entry: TraceEntry; readonly folded: number };

/** Attempts that go on about one copy of a notice: the same notice, channel and reader. */
function attemptOf({ kind, delivery }: TraceEntry): string | null {
  if (kind !== 'delivery' || delivery === null || delivery.state !== 'retrying') return null;
  return `${delivery.notice} ${delivery.recipient.channel} ${delivery.recipient.to}`;
}

/** A story without the middle of long rows of attempts: of each row the first and the last are left. */
export function storyLines(entries: readonly TraceEntry[]): readonly StoryLine[] {
  const lines: StoryLine[] = [];
  entries.forEach((entry, index) => {
    const attempt = attemptOf(entry);
    const isMiddle =
      attempt !== null &&
      [index - 1, index + 1].every((near) => {
        const other = entries[near];
        return other !== undefined && attemptOf(other) === attempt;
      });
    if (isMiddle) return;
    const before = lines.at(-1);
    const folded = before === undefined ? 0 : index - 1 - entries.indexOf(before.entry);
    lines.push({ entry, folded });
  });
  return lines;
}
