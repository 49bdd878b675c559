import type { StateSpan } from '#shared/contract/hosts.ts';
import { Panel } from '../../components/page-header.tsx';
import { StateBadge, StateShape } from '../../components/state-badge.tsx';
import { absoluteText, durationText } from '../../components/time.ts';
import { useTranslation } from '../../locales/use-translation.ts';

export type StateStripProps = {
  readonly spans: readonly StateSpan[];
  readonly start: number;
  readonly end: number;
};

/** A span clipped to the time range, with its place on the strip as shares of it. */
export type StripPart = StateSpan & { readonly left: number; readonly width: number };

/** The parts of a state history that lie in a time range, in order. */
export function stripParts(spans: readonly StateSpan[], start: number, end: number): readonly StripPart[] {
  const length = Math.max(1, end - start);
  return spans.flatMap((span) => {
    const from = Math.max(start, span.from);
    const to = Math.min(end, span.to ?? end);
    if (to <= from) return [];
    return [{ ...span, left: (from - start) / length, width: (to - from) / length }];
  });
}

/** The states of a host over the time range, each with colour, shape and pattern; the same as a table below. */
export function StateStrip({ spans, start, end }: StateStripProps) {
  const { t } = useTranslation();
  const parts = stripParts(spans, start, end);
  // Before the first record nothing is known; shorter stretches have no room for the words.
  const unknownUntil = parts[0]?.left ?? 1;
  const seen = [...new Set(parts.map((part) => part.state))];
  return (
    <Panel
      title={t('hosts:host.history')}
      extra={
        <span className="row small">
          {seen.map((state) => (
            <StateBadge key={state} state={state} />
          ))}
        </span>
      }
    >
      <div className="strip" aria-hidden="true">
        {unknownUntil > 0.1 && (
          <span className="strip-unknown soft small" style={{ width: `${unknownUntil * 100}%` }}>
            {t('hosts:host.noRecord')}
          </span>
        )}
        {parts.map((part) => (
          <div
            key={part.from}
            className={`strip-part strip-${part.state} state-${part.state}`}
            style={{ left: `${part.left * 100}%`, width: `${part.width * 100}%` }}
            title={`${t(`common:state.${part.state}`)} ${absoluteText(part.from)} – ${part.to === null ? t('hosts:host.until') : absoluteText(part.to)}`}
          >
            {part.width > 0.02 && <StateShape state={part.state} size={10} />}
          </div>
        ))}
      </div>
      <div className="strip-ends soft small figure" aria-hidden="true">
        <span>{absoluteText(start)}</span>
        <span>{absoluteText(end)}</span>
      </div>
      <details>
        <summary>{t('hosts:host.historyTable')}</summary>
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">{t('hosts:column.state')}</th>
              <th scope="col">{t('hosts:host.from')}</th>
              <th scope="col">{t('hosts:host.to')}</th>
              <th scope="col">{t('hosts:host.length')}</th>
            </tr>
          </thead>
          <tbody>
            {[...parts].reverse().map((part) => (
              <tr key={part.from}>
                <td>
                  <StateBadge state={part.state} />
                </td>
                <td className="figure">{absoluteText(part.from)}</td>
                <td className="figure">{part.to === null ? t('hosts:host.until') : absoluteText(part.to)}</td>
                <td className="figure">{durationText(t, (part.to ?? Date.now()) - part.from)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </Panel>
  );
}
