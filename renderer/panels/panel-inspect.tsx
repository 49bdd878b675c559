import { Button } from '../components/button.tsx';
import { Overlay } from '../components/drawer.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import { copyText, saveText } from '../components/save-text.ts';
import { absoluteText, durationText } from '../components/time.ts';
import { useText } from '../components/use-text.ts';
import { useTranslation } from '../locales/use-translation.ts';
import { samplesCsv } from '../pages/metrics/tables/summary.ts';
import type { TargetAnswer } from './panel-series.ts';
import type { PanelData } from './panel-types.ts';
import { chartOf } from './series-chart.ts';

/** What a panel asks and what came of it: PromQL, time, series, samples, errors. */
export function PanelInspect({ data, onClose }: { readonly data: PanelData; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const save = (): void => {
    const chart = chartOf(data.series, data.answers, data.look);
    void saveText(`${data.title}.csv`, samplesCsv(chart));
  };
  return (
    <Overlay title={t('dashboards:inspect.title', { title: data.title })} onClose={onClose}>
      <p className="figure soft">
        {absoluteText(data.start)} – {absoluteText(data.end)}
      </p>
      {data.answers.map((answer) => (
        <Inspected key={answer.target.ref} answer={answer} />
      ))}
      <div className="row">
        <Button onClick={save}>{t('dashboards:inspect.csv')}</Button>
      </div>
    </Overlay>
  );
}

function Inspected({ answer }: { readonly answer: TargetAnswer }) {
  const { t } = useTranslation();
  const text = useText();
  const { target, expr, columns, error, stepMs, at } = answer;
  const samples = (columns?.series ?? []).reduce(
    (sum, { values }) => sum + values.filter((value) => value !== null).length,
    0,
  );
  return (
    <section className="panel inspected">
      <div className="panel-head">
        <h3>{t('dashboards:panel.target', { ref: target.ref })}</h3>
        <Button kind="quiet" onClick={() => void copyText(expr)}>
          {t('common:action.copy')}
        </Button>
      </div>
      <pre className="inspected-expr">{expr}</pre>
      {expr !== target.expr && (
        <p className="soft small">
          {t('dashboards:inspect.written')} <code>{target.expr}</code>
        </p>
      )}
      {error && <ErrorNotice error={error} />}
      {columns && (
        <dl className="facts">
          <dt>{t('dashboards:inspect.took')}</dt>
          <dd className="figure">{t('metrics:tookMs', { ms: columns.tookMs.toFixed(1) })}</dd>
          <dt>{t('dashboards:inspect.series')}</dt>
          <dd className="figure">
            {(columns.series.length + columns.seriesOmitted).toLocaleString('en-US')}
            {columns.seriesOmitted > 0 &&
              ` (${t('dashboards:panel.omitted', { count: columns.seriesOmitted })})`}
          </dd>
          <dt>{t('dashboards:inspect.samples')}</dt>
          <dd className="figure">{samples.toLocaleString('en-US')}</dd>
          <dt>{t('dashboards:inspect.step')}</dt>
          <dd className="figure">
            {target.mode === 'instant' ? t('dashboards:inspect.instant') : durationText(t, stepMs)}
          </dd>
          <dt>{t('dashboards:inspect.asked')}</dt>
          <dd className="figure">{at === null ? '—' : absoluteText(at)}</dd>
        </dl>
      )}
      {columns?.notes?.map((note) => (
        <p key={note.en} className="small">
          {text(note)}
        </p>
      ))}
    </section>
  );
}
