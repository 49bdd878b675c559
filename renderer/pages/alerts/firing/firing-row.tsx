import { Link } from 'react-router';
import type { AlertView } from '#shared/contract/notify-alerts.ts';
import { Button } from '../../../components/button.tsx';
import { AbsoluteTime, RelativeTime } from '../../../components/figures.tsx';
import { Icon } from '../../../components/icon.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { alertPath } from '../alert-address.ts';
import { StateWord } from '../state-word.tsx';
import type { FiringRow } from './firing-rows.ts';

export type FiringRowProps = {
  readonly row: FiringRow;
  /** Whether Tab stops here; the arrow keys lead everywhere else. */
  readonly isCurrent: boolean;
  readonly isEnded: boolean;
  readonly onFocus: () => void;
  readonly onToggle: () => void;
  readonly onAcknowledge: () => void;
  readonly onSilence: () => void;
};

/** One line of the list of what fires. What takes the focus has `data-row`. */
export function FiringRowView(props: FiringRowProps) {
  const { row } = props;
  switch (row.kind) {
    case 'alert':
      return <AlertLine {...props} row={row} />;
    case 'group':
      return <GroupLine {...props} row={row} />;
    case 'section':
      return <SectionLine {...props} row={row} />;
    case 'pending':
      return <PendingLine {...props} row={row} />;
  }
}

type Of<K extends FiringRow['kind']> = Omit<FiringRowProps, 'row'> & {
  readonly row: Extract<FiringRow, { kind: K }>;
};

function AlertLine(props: Of<'alert'>) {
  const { t } = useTranslation();
  const text = useText();
  const { row, isCurrent, isEnded } = props;
  const { view } = row;
  const { problem } = view;
  return (
    <div
      className={`firing-line problem-${problem.severity} firing-level-${row.level}${isEnded ? ' ended' : ''}`}
    >
      <StateBadge state={problem.severity} />
      <div className="firing-text">
        <Link
          data-row
          className="firing-sentence"
          to={alertPath(problem.id)}
          tabIndex={isCurrent ? 0 : -1}
          onFocus={props.onFocus}
          aria-keyshortcuts="a s"
        >
          {text(problem.sentence)}
        </Link>
        <span className="firing-next">
          <Why view={view} />
        </span>
        {row.behind > 0 && (
          <button
            type="button"
            className="linklike firing-fold"
            tabIndex={-1}
            aria-expanded={row.open}
            onClick={props.onToggle}
          >
            <Icon name={row.open ? 'down' : 'arrow'} size={12} />
            {t('alerts:firing.behind', { count: row.behind })}
          </button>
        )}
      </div>
      <span className="firing-state">
        <StateWord state={isEnded ? 'ended' : view.state} />
      </span>
      <Who view={view} />
      <span className="firing-since">
        <RelativeTime time={problem.since} />
        <span className="soft small figure">
          <AbsoluteTime time={problem.since} />
        </span>
      </span>
      <span className="firing-actions">
        <Button kind="quiet" tabIndex={-1} disabled={isEnded} onClick={props.onAcknowledge}>
          {t('alerts:ack.do')}
        </Button>
        <Button kind="quiet" tabIndex={-1} disabled={isEnded} onClick={props.onSilence}>
          {t('alerts:silence.do')}
        </Button>
      </span>
    </div>
  );
}

/** Why nobody is told of it, where that is so; else what to do next. */
function Why({ view }: { readonly view: AlertView }) {
  const { t } = useTranslation();
  const text = useText();
  const [cause] = view.suppressedBy;
  if (cause !== undefined && view.state !== 'acknowledged') return text(cause.text);
  return (
    <>
      <span className="soft">{t('overview:next')}</span>
      {text(view.problem.next)}
    </>
  );
}

function Who({ view }: { readonly view: AlertView }) {
  const { t } = useTranslation();
  const { acknowledgement } = view;
  return (
    <span className="firing-who" title={acknowledgement?.note}>
      {acknowledgement === null ? (
        <span className="soft">{t('alerts:firing.nobody')}</span>
      ) : (
        t('alerts:firing.who', { name: acknowledgement.by })
      )}
    </span>
  );
}

function GroupLine({ row, isCurrent, onFocus, onToggle, onAcknowledge, onSilence }: Of<'group'>) {
  const { t } = useTranslation();
  const { group } = row;
  const worst = group.causes[0]?.view.problem.severity ?? 'info';
  const values = Object.entries(group.labels);
  return (
    <div className={`firing-line firing-group problem-${worst}`}>
      <button
        type="button"
        data-row
        className="firing-head"
        tabIndex={isCurrent ? 0 : -1}
        aria-expanded={row.open}
        title={values.map(([name, value]) => `${name}="${value}"`).join(', ')}
        onFocus={onFocus}
        onClick={onToggle}
      >
        <Icon name={row.open ? 'down' : 'arrow'} size={12} />
        <strong>
          {values.length === 0 ? t('alerts:firing.together') : values.map(([, value]) => value).join(' · ')}
        </strong>
        <span className="soft">{t('alerts:firing.inGroup', { count: group.causes.length })}</span>
      </button>
      <span className="firing-actions">
        <Button kind="quiet" tabIndex={-1} onClick={onAcknowledge}>
          {t('alerts:ack.all')}
        </Button>
        <Button kind="quiet" tabIndex={-1} onClick={onSilence}>
          {t('alerts:silence.group')}
        </Button>
      </span>
    </div>
  );
}

function SectionLine({ row, isCurrent, onFocus, onToggle }: Of<'section'>) {
  const { t } = useTranslation();
  return (
    <div className="firing-line firing-section">
      <button
        type="button"
        data-row
        className="firing-head"
        tabIndex={isCurrent ? 0 : -1}
        aria-expanded={row.open}
        onFocus={onFocus}
        onClick={onToggle}
      >
        <Icon name={row.open ? 'down' : 'arrow'} size={12} />
        <StateWord state={row.key === 'quiet' ? 'suppressed' : 'pending'} />
        <span>{t(`alerts:firing.${row.key}`, { count: row.count })}</span>
      </button>
    </div>
  );
}

function PendingLine({ row, isCurrent, onFocus }: Of<'pending'>) {
  const { t } = useTranslation();
  const { pending } = row;
  return (
    <div className="firing-line firing-level-1">
      <span className="firing-state">
        <StateWord state="pending" />
      </span>
      <div className="firing-text">
        <Link
          data-row
          className="firing-sentence"
          to={`/alerts?tab=rules&rule=${encodeURIComponent(pending.name)}`}
          tabIndex={isCurrent ? 0 : -1}
          onFocus={onFocus}
        >
          {pending.text}
        </Link>
        <span className="firing-next soft">
          {t('alerts:firing.firesAt')} <RelativeTime time={pending.firesAt} />
        </span>
      </div>
      <span className="firing-since">
        <RelativeTime time={pending.activeAt} />
      </span>
    </div>
  );
}
