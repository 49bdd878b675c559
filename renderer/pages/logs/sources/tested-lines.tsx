import type { RequestOutput } from '#shared/contract/index.ts';
import type { TestedLine } from '#shared/contract/logs-sources.ts';
import { StateBadge } from '../../../components/state-badge.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { LevelMark } from '../level-mark.tsx';

/** Formats that fit too, so many at most. */
const MOST_CANDIDATES = 4;

/** What became of each line of a sample: its fields, or why it did not match and from which column on. */
export function TestedLines({ tested }: { readonly tested: RequestOutput<'logs.sources.test'> }) {
  const { t } = useTranslation();
  const { lines, total, matched, format, encoding, candidates } = tested;
  const all = matched === total;
  const others = candidates.filter((each) => each.format !== format && each.share > 0);
  return (
    <div className="stack-small" data-testid="tested-lines" data-matched={matched} data-total={total}>
      <div className="row">
        <StateBadge
          state={all ? 'ok' : matched === 0 ? 'critical' : 'warning'}
          word={t('logs:test.matched', {
            matched: matched.toLocaleString('en-US'),
            total: total.toLocaleString('en-US'),
          })}
        />
        <span>
          {t('logs:wizard.previewFormat', { format })} · {t(`logs:wizard.encodingName.${encoding}`)}
        </span>
        {others.length > 0 && (
          <span className="soft">
            {t('logs:test.candidates', {
              names: others
                .slice(0, MOST_CANDIDATES)
                .map((each) => `${each.format} ${Math.round(each.share * 100)} %`)
                .join(' · '),
            })}
          </span>
        )}
      </div>
      <ol className="tested-lines plain-list" aria-label={t('logs:test.lines')}>
        {lines.map((line) => (
          <TestedItem key={line.line} line={line} />
        ))}
      </ol>
      {total > lines.length && (
        <p className="soft figure">
          {t('common:table.shown', { shown: lines.length, total: total.toLocaleString('en-US') })}
        </p>
      )}
    </div>
  );
}

function TestedItem({ line }: { readonly line: TestedLine }) {
  const { t } = useTranslation();
  const text = useText();
  return (
    <li data-matched={line.matched}>
      <div className="row">
        <span className="soft figure">
          {line.lines > 1
            ? t('logs:test.joined', { line: line.line, to: line.line + line.lines - 1 })
            : t('common:error.line', { line: line.line })}
        </span>
        {line.matched ? (
          <>
            <span className="figure">
              {line.time === null ? t('logs:test.noTime') : absoluteText(line.time, true)}
            </span>
            <LevelMark level={line.level} />
            <span className="mono ellipsis grow" title={line.message}>
              {line.message}
            </span>
          </>
        ) : (
          <StateBadge
            state="critical"
            word={`${line.why === null ? t('logs:test.noMatch') : text(line.why)}${
              line.column === null ? '' : ` ${t('logs:test.column', { column: line.column })}`
            }`}
          />
        )}
      </div>
      <RawLine line={line} />
      {line.fields.length > 0 && (
        <div className="tested-fields">
          {line.fields.map(({ name, value }) => (
            <span key={name} className="tested-field">
              <span className="soft">{name}</span> <span className="mono">{value}</span>
            </span>
          ))}
        </div>
      )}
    </li>
  );
}

/** The line as it came; what could not be read is set apart from its column on. */
function RawLine({ line }: { readonly line: TestedLine }) {
  const shown = line.text.slice(0, 2_000);
  const at = line.matched || line.column === null ? shown.length : Math.max(0, line.column - 1);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <pre className="tested-raw" tabIndex={0}>
      {shown.slice(0, at)}
      {at < shown.length && <mark>{shown.slice(at)}</mark>}
    </pre>
  );
}
