import { calculate } from '#shared/domain/dashboard/calcs.ts';
import type { AskingPanel } from '#shared/domain/dashboard/panels.ts';
import { absoluteText } from '../components/time.ts';
import { useTranslation } from '../locales/use-translation.ts';
import type { PanelData } from './panel-types.ts';
import { panelTable } from './table-rows.ts';
import { TintMark } from './tint-mark.tsx';
import { scaleOf, tintedText } from './value-look.ts';

/** More rows than these make a report that nobody reads; the count of the others is printed. */
const MOST_ROWS = 40;

const FIGURES = ['lastNotNull', 'min', 'mean', 'max'] as const;

/** The figures of a panel as a plain table, which has no scrolling. */
export function PrintedFigures({ panel, data }: { readonly panel: AskingPanel; readonly data: PanelData }) {
  if (panel.kind === 'table') return <TableFigures panel={panel} data={data} />;
  return <SeriesFigures data={data} />;
}

function SeriesFigures({ data }: { readonly data: PanelData }) {
  const { t } = useTranslation();
  const { series, look } = data;
  return (
    <>
      <table>
        <thead>
          <tr>
            <th>{t('dashboards:twin.series')}</th>
            {FIGURES.map((calc) => (
              <th key={calc}>{t(`dashboards:calc.${calc}`)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {series.slice(0, MOST_ROWS).map((one) => (
            <tr key={one.key}>
              <td>{one.name}</td>
              {FIGURES.map((calc) => {
                const { text, tint } = tintedText(
                  one.field,
                  calculate(one.values, calc),
                  look,
                  scaleOf(one.field, one.values),
                );
                return (
                  <td key={calc} className="figure">
                    {calc === 'lastNotNull' && <TintMark tint={tint} size={9} />} {text}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <More count={series.length - MOST_ROWS} />
    </>
  );
}

type TableProps = {
  readonly panel: Extract<AskingPanel, { readonly kind: 'table' }>;
  readonly data: PanelData;
};

function TableFigures({ panel, data }: TableProps) {
  const { columns, rows } = panelTable(panel, data.answers, data.series);
  return (
    <>
      <table>
        <thead>
          <tr>
            {columns.map(({ id, title }) => (
              <th key={id}>{title}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST_ROWS).map((row) => (
            <tr key={row}>
              {columns.map(({ id, type, field, values }) => {
                const cell = values[row] ?? null;
                return (
                  <td key={id} className={type === 'number' ? 'figure' : ''}>
                    {type === 'time' && typeof cell === 'number'
                      ? absoluteText(cell)
                      : tintedText(field, cell, data.look, { min: field.min ?? 0, max: field.max ?? 100 })
                          .text}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <More count={rows.length - MOST_ROWS} />
    </>
  );
}

function More({ count }: { readonly count: number }) {
  const { t } = useTranslation();
  return count > 0 ? <p className="soft small">{t('dashboards:print.moreRows', { count })}</p> : null;
}
