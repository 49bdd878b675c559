import { Link } from 'react-router';
import type { TraceEntry } from '#shared/contract/notify-alerts.ts';
import type { Bilingual } from '#shared/errors/index.ts';
import { AbsoluteTime } from '../../../components/figures.tsx';
import { Icon, type IconName } from '../../../components/icon.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { durationText } from '../../../components/time.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { storyLines } from './story.ts';

const ICONS: Readonly<Record<TraceEntry['kind'], IconName>> = {
  observed: 'metrics',
  opened: 'alerts',
  routed: 'tune',
  waiting: 'recovery',
  suppressed: 'eyeOff',
  unsuppressed: 'eye',
  notice: 'arrow',
  delivery: 'download',
  acknowledged: 'eye',
  unacknowledged: 'eyeOff',
  escalated: 'up',
  flapping: 'refresh',
  calm: 'pause',
  ended: 'down',
  restarted: 'refresh',
  failed: 'close',
};

/** How an entry looks: what went wrong, what was kept quiet, everything else. */
function tone({ kind, delivery }: TraceEntry): 'bad' | 'quiet' | 'good' | 'plain' {
  if (kind === 'failed' || delivery?.state === 'failed' || delivery?.state === 'dropped') return 'bad';
  if (kind === 'suppressed' || kind === 'flapping' || delivery?.state === 'retrying') return 'quiet';
  return delivery?.state === 'delivered' ? 'good' : 'plain';
}

export type TraceProps = {
  readonly verdict: Bilingual;
  readonly entries: readonly TraceEntry[];
  /** Entries missing in the middle. */
  readonly leftOut: number;
};

/** Why somebody was told, or was not: the story of an alert in order, every suppression with its cause. */
export function Trace({ verdict, entries, leftOut }: TraceProps) {
  const { t } = useTranslation();
  const text = useText();
  const half = leftOut > 0 ? Math.ceil(entries.length / 2) : entries.length;
  return (
    <Panel title={t('alerts:why.title')} className="why">
      <p className="sentence" data-testid="verdict">
        {text(verdict)}
      </p>
      <ol className="trace" data-testid="trace">
        <Lines entries={entries.slice(0, half)} />
        {leftOut > 0 && <li className="trace-entry soft">{t('alerts:why.leftOut', { count: leftOut })}</li>}
        <Lines entries={entries.slice(half)} />
      </ol>
    </Panel>
  );
}

function Lines({ entries }: Pick<TraceProps, 'entries'>) {
  const lines = storyLines(entries);
  return lines.map(({ entry, folded }, index) => (
    <Entry key={keyOf(entry, index)} entry={entry} before={lines[index - 1]?.entry} folded={folded} />
  ));
}

const keyOf = (entry: TraceEntry, index: number): string => `${index} ${entry.at} ${entry.kind}`;

function Entry({
  entry,
  before,
  folded,
}: {
  readonly entry: TraceEntry;
  readonly before: TraceEntry | undefined;
  readonly folded: number;
}) {
  const { t } = useTranslation();
  const text = useText();
  const passed = before === undefined ? null : entry.at - before.at;
  const error = entry.delivery?.error ?? null;
  const link = entry.link ?? entry.cause?.link ?? null;
  return (
    <li className={`trace-entry trace-${tone(entry)}`} data-kind={entry.kind}>
      <span className="trace-time">
        <AbsoluteTime time={entry.at} />
        {passed !== null && passed >= 1_000 && (
          <span className="soft small figure">+{durationText(t, passed)}</span>
        )}
      </span>
      <span className="trace-mark">
        <Icon name={ICONS[entry.kind]} size={13} />
        <span>{t(`alerts:why.kind.${entry.kind}`)}</span>
      </span>
      <span className="trace-text">
        {folded > 0 && <span className="soft">{t('alerts:why.attempts', { count: folded })} </span>}
        {text(entry.text)}
        {error && <span className="field-error"> {text(error.hint)}</span>}
        {link !== null && (
          <>
            {' '}
            <Link to={link}>{t('alerts:why.open')}</Link>
          </>
        )}
      </span>
    </li>
  );
}
