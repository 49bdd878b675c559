import type { AlertView } from '#shared/contract/notify-alerts.ts';
import { Icon, type IconName } from '../../components/icon.tsx';
import { useTranslation } from '../../locales/use-translation.ts';

/** What an operator has to know first of an alert. */
export type AlertState = AlertView['state'] | 'pending' | 'ended';

const ICONS: Readonly<Record<AlertState, IconName>> = {
  pending: 'recovery',
  waiting: 'recovery',
  told: 'alerts',
  acknowledged: 'eye',
  suppressed: 'eyeOff',
  flapping: 'metrics',
  ended: 'down',
};

/** Where an alert stands, as icon and word. */
export function StateWord({ state }: { readonly state: AlertState }) {
  const { t } = useTranslation();
  return (
    <span className={`alert-state alert-state-${state}`}>
      <Icon name={ICONS[state]} size={13} />
      {t(`alerts:state.${state}`)}
    </span>
  );
}
