import type { Measured } from '#shared/contract/recovery-drills.ts';
import { absoluteText, durationText } from '../../../components/time.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

const HOURS = 24;

/** The worst data age in each hour of the last day, as bars with the promise as a line; a table for who cannot see it. */
export function RpoHistory({ measured }: { readonly measured: Measured }) {
  const { t } = useTranslation();
  const hours = measured.history.slice(-HOURS);
  if (hours.length < 2) return null;
  const top = Math.max(1, measured.rpoMs ?? 0, ...hours.map(({ worstMs }) => worstMs ?? 0));
  const label = t('recovery:disaster.objectives.history', { plan: measured.plan });
  const nothing = t('recovery:disaster.objectives.nothing');
  return (
    <figure className="rpo-history">
      <figcaption className="soft small">{label}</figcaption>
      <svg viewBox={`0 0 ${HOURS * 12} 44`} role="img" aria-label={label} preserveAspectRatio="none">
        {hours.map(({ at, worstMs }, index) => {
          const height = worstMs === null ? 40 : Math.max(1, (40 * worstMs) / top);
          const isBreach = worstMs === null || (measured.rpoMs !== null && worstMs > measured.rpoMs);
          return (
            <rect
              key={at}
              x={index * 12 + 1}
              y={42 - height}
              width={10}
              height={height}
              className={isBreach ? 'rpo-breach' : 'rpo-kept'}
            >
              <title>{`${absoluteText(at)}  ${worstMs === null ? nothing : durationText(t, worstMs)}`}</title>
            </rect>
          );
        })}
        {measured.rpoMs !== null && (
          <line
            x1={0}
            x2={HOURS * 12}
            y1={42 - (40 * measured.rpoMs) / top}
            y2={42 - (40 * measured.rpoMs) / top}
            className="rpo-promise"
          />
        )}
      </svg>
      <table className="visually-hidden">
        <caption>{label}</caption>
        <tbody>
          {hours.map(({ at, worstMs }) => (
            <tr key={at}>
              <th scope="row">{absoluteText(at)}</th>
              <td>{worstMs === null ? nothing : durationText(t, worstMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}
