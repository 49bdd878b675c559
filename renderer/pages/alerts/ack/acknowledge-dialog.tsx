import type { AlertView } from '#shared/contract/notify-alerts.ts';
import { Overlay } from '../../../components/drawer.tsx';
import { StateBadge } from '../../../components/state-badge.tsx';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { AcknowledgeForm } from './acknowledge-form.tsx';

const SHOWN = 5;

/** Says of one or several alerts that somebody is on it. */
export function AcknowledgeDialog({
  views,
  onClose,
  onDone,
}: {
  readonly views: readonly AlertView[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const { t } = useTranslation();
  const text = useText();
  return (
    <Overlay kind="dialog" title={t('alerts:ack.title')} onClose={onClose}>
      <ul className="plain-list">
        {views.slice(0, SHOWN).map(({ problem }) => (
          <li key={problem.id} className="row nowrap">
            <StateBadge state={problem.severity} />
            <span>{text(problem.sentence)}</span>
          </li>
        ))}
        {views.length > SHOWN && (
          <li className="soft">{t('alerts:more', { count: views.length - SHOWN })}</li>
        )}
      </ul>
      <AcknowledgeForm views={views} onDone={onDone} onCancel={onClose} />
    </Overlay>
  );
}
