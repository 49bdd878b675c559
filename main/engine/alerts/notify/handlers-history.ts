import type { AreaHandlers } from '#shared/contract/index.ts';
import type { Delivery } from '#shared/contract/notice.ts';
import { MOST_EXPORTED_ALERTS } from '#shared/contract/notify.ts';
import { appError, err, ok } from '#shared/errors/index.ts';
import { toCsv, toNdjson } from './export.ts';
import type { HandlerDeps } from './handlers-silences.ts';
import type { NotifyHistory } from './history.ts';
import { checkExpressions } from './matchers.ts';
import { countBehind } from './plan.ts';
import type { NotifyOutbox } from './ports.ts';
import { type KnownRule, statisticsOf } from './statistics.ts';
import { alertView } from './views.ts';
import { storyOf, verdictOf } from './why.ts';

type Names =
  | 'notify.why'
  | 'notify.history'
  | 'notify.history.export'
  | 'notify.statistics'
  | 'notify.notices'
  | 'notify.fullScreen';
type Part = Pick<AreaHandlers<'notify'>, Names>;

/** Stories, history, statistics and notices. */
export function historyHandlers({
  runner,
  config,
  clock,
  history,
  outbox,
  knownRules,
}: HandlerDeps & {
  readonly history: NotifyHistory;
  readonly outbox: NotifyOutbox;
  readonly knownRules: () => readonly KnownRule[];
}): Part {
  const deliveries = (notice: string): readonly Delivery[] =>
    withMissing(history.deliveries(notice), outbox.deliveries([notice]));
  return {
    'notify.why': ({ id, since }) => {
      const record = history.record(id, since);
      if (record === null) return err(appError('NOT_FOUND', { what: 'alert', id }));
      const state = runner.state();
      const alert = state.alerts.get(id);
      const isOpen = alert !== undefined && alert.until === null && alert.since === record.problem.since;
      const view = isOpen ? alertView(alert, state, config.routing(), countBehind(state.alerts)) : null;
      const { entries, leftOut } = storyOf(
        history.story(id, record.problem.since),
        deliveries,
        outbox.channelName,
      );
      const verdict = verdictOf(record, view, entries);
      return ok({ record, view, verdict, entries, leftOut, others: [...history.episodes(id)] });
    },
    'notify.history': ({ from, to, matchers, limit, offset }) => {
      const sound = checkExpressions(matchers);
      if (!sound.ok) return sound;
      const found = history.records(from, to, matchers);
      return ok({ records: found.slice(offset, offset + limit), total: found.length });
    },
    'notify.history.export': ({ from, to, matchers, format, locale }) => {
      const sound = checkExpressions(matchers);
      if (!sound.ok) return sound;
      const found = history.records(from, to, matchers);
      const rows = found.slice(0, MOST_EXPORTED_ALERTS);
      const text = format === 'csv' ? toCsv(rows, locale) : toNdjson(rows);
      return ok({ text, rows: rows.length, total: found.length });
    },
    'notify.statistics': ({ from, to }) => {
      const { lateAfterMs } = config.routing().config.settings;
      const span = { from, to, now: clock.now() };
      return ok({
        ...statisticsOf(history.records(from, to, []), knownRules(), span, lateAfterMs),
        lateAfterMs,
      });
    },
    'notify.notices': ({ before, limit }) =>
      ok({
        notices: history
          .notices(before ?? Number.MAX_SAFE_INTEGER, limit)
          .map((notice) => ({ notice, deliveries: [...deliveries(notice.id)] })),
      }),
    'notify.fullScreen': () => ok({ notices: [...runner.fullScreen()] }),
  };
}

/** A power cut between the outbox's note and ours must not leave a delivery out of the story. */
function withMissing(noted: readonly Delivery[], remembered: readonly Delivery[]): readonly Delivery[] {
  const key = ({ recipient, attempt, state }: Delivery): string =>
    JSON.stringify([recipient.channel, recipient.to, attempt, state]);
  const known = new Set(noted.map(key));
  return [...noted, ...remembered.filter((delivery) => !known.has(key(delivery)))];
}
