import '../panels/panels.css';
import '../pages/dashboards/dashboards.css';
import { useMemo } from 'react';
import type { EngineClient } from '#shared/contract/client.ts';
import type { Annotation, ResolvedVariable } from '#shared/contract/dashboards.ts';
import type { RequestOutput } from '#shared/contract/index.ts';
import type { WatchGap } from '#shared/contract/site.ts';
import { expandDashboard, type ShownPanel } from '#shared/domain/dashboard/expand.ts';
import { isAsking } from '#shared/domain/dashboard/panels.ts';
import { localize } from '#shared/domain/dashboard/text.ts';
import { ok, type Result } from '#shared/errors/index.ts';
import { absoluteText, zoneText } from '../components/time.ts';
import { useTranslation } from '../locales/use-translation.ts';
import { markQuestions, marksOf, wantedKinds } from '../pages/dashboards/use-board-marks.ts';
import { type Board, BoardContext } from '../panels/board-context.ts';
import { panelQuestions, type TargetQuestion } from '../panels/panel-questions.ts';
import { type BoardScope, repeatValues, variableValues } from '../panels/panel-scope.ts';
import type { TargetAnswer } from '../panels/panel-series.ts';
import { PrintedPanel } from '../panels/printed-panel.tsx';
import { definePrint } from './print-module.tsx';

/** Everything that a printed dashboard shows, asked for before it is drawn. */
type Printed = {
  readonly view: RequestOutput<'dashboards.views.get'>;
  readonly found: RequestOutput<'dashboards.get'>;
  readonly resolved: readonly ResolvedVariable[];
  readonly gaps: readonly WatchGap[];
  readonly known: readonly Annotation[];
  readonly markAnswers: readonly TargetAnswer[];
  readonly shown: readonly {
    readonly title: ShownPanel['copyOf'];
    readonly row: string;
    readonly panels: readonly PrintedAnswer[];
  }[];
};

/** A panel with its answers. */
type PrintedAnswer = { readonly shown: ShownPanel; readonly answers: readonly TargetAnswer[] };

/** One dashboard at one moment, panel by panel, each with its figures as a table. */
export const dashboardDocument = definePrint<Printed>({
  load: loadView,
  title: ({ found }, _t, language) => localize(found.dashboard.title, language === 'en' ? 'en' : 'zh'),
  View: ({ data }) => <DashboardPaper printed={data} />,
});

async function loadView(client: EngineClient, id: string | null): Promise<Result<Printed>> {
  const view = await client.call('dashboards.views.get', { id: id ?? '' });
  if (!view.ok) return view;
  const { uid, version, start, end, variables } = view.value;
  const found = await client.call('dashboards.get', { uid, ...(version === null ? {} : { version }) });
  if (!found.ok) return found;
  const { dashboard, scrapeIntervalMs } = found.value;
  const kinds = wantedKinds(dashboard.annotations);
  const [resolved, gaps, known] = await Promise.all([
    client.call('dashboards.variables', { variables: dashboard.variables, chosen: variables, start, end }),
    client.call('site.watchGaps', { start, end }),
    client.call('dashboards.annotations', {
      start,
      end,
      kinds: [...kinds],
    }),
  ]);
  if (!resolved.ok) return resolved;
  const values = variableValues(dashboard.variables, resolved.value.variables, variables, end - start, 'zh');
  const scope: BoardScope = { values, start, end, scrapeMs: scrapeIntervalMs, title: '' };
  const shown: Printed['shown'][number][] = [];
  for (const row of expandDashboard(dashboard, repeatValues(values)).rows) {
    const panels: PrintedAnswer[] = [];
    for (const panel of row.panels) panels.push({ shown: panel, answers: await ask(client, panel, scope) });
    shown.push({ title: row.copyOf, row: row.key, panels });
  }
  return ok({
    view: view.value,
    found: found.value,
    resolved: resolved.value.variables,
    gaps: gaps.ok ? gaps.value.gaps : [],
    known: known.ok && kinds.length > 0 ? known.value.annotations : [],
    markAnswers: await askAll(client, markQuestions(dashboard.annotations, scope), scope),
    shown,
  });
}

/** The answers to a panel's questions; a question that fails is an answer with its error, printed as such. */
async function ask(
  client: EngineClient,
  { panel, copyOf }: ShownPanel,
  scope: BoardScope,
): Promise<readonly TargetAnswer[]> {
  return isAsking(panel) ? askAll(client, panelQuestions(panel, copyOf, scope), scope) : [];
}

async function askAll(
  client: EngineClient,
  questions: readonly TargetQuestion[],
  scope: BoardScope,
): Promise<readonly TargetAnswer[]> {
  return Promise.all(
    questions.map(async ({ target, ...question }): Promise<TargetAnswer> => {
      const answer = await client.call('metrics.columns', question);
      return {
        target,
        expr: question.expr,
        stepMs: question.stepMs,
        columns: answer.ok ? answer.value : null,
        error: answer.ok ? null : answer.error,
        loading: false,
        at: scope.end,
      };
    }),
  );
}

function DashboardPaper({ printed }: { readonly printed: Printed }) {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const { view, found, resolved } = printed;
  const { dashboard } = found;
  const board = useMemo((): Board => {
    const values = variableValues(
      dashboard.variables,
      resolved,
      view.variables,
      view.end - view.start,
      language,
    );
    return {
      scope: {
        values,
        start: view.start,
        end: view.end,
        scrapeMs: found.scrapeIntervalMs,
        title: localize(dashboard.title, language),
      },
      marks: marksOf(dashboard.annotations, printed.known, printed.markAnswers, language),
      gaps: printed.gaps,
      actions: { onZoom: () => {} },
      look: { language, palette: 'light' },
      lazy: false,
    };
  }, [printed, dashboard, resolved, view, found, language]);
  return (
    <BoardContext.Provider value={board}>
      <p className="figure">
        {absoluteText(view.start)} – {absoluteText(view.end)} ({zoneText(view.end)})
      </p>
      {[...board.scope.values.values()].length > 0 && (
        <p>
          {[...board.scope.values.values()]
            .map(({ name, texts }) => `${name}: ${texts.join(' + ')}`)
            .join(' · ')}
        </p>
      )}
      {printed.shown.map((row, index) => (
        <section key={row.row} className="printed-row">
          {localize(dashboard.rows[index]?.title ?? '', language) !== '' && (
            <h2>{localize(dashboard.rows[index]?.title ?? '', language)}</h2>
          )}
          {row.panels.map(({ shown, answers }) => (
            <PrintedPanel key={shown.key} panel={shown.panel} copyOf={shown.copyOf} answers={answers} />
          ))}
        </section>
      ))}
      <p className="soft small">{t('dashboards:print.foot')}</p>
    </BoardContext.Provider>
  );
}
