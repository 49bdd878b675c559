import { useTranslation } from '../../../locales/use-translation.ts';
import { ViewSwitch } from '../view-switch.tsx';
import { HistoryView } from './history-view.tsx';
import { PoliciesView } from './policies-view.tsx';
import { RetentionView } from './retention-view.tsx';
import { SegmentsView } from './segments-view.tsx';
import './rotation.css';

const views = {
  policies: PoliciesView,
  history: HistoryView,
  segments: SegmentsView,
  retention: RetentionView,
};

/** How log files are rotated, what was done, what is kept and for how long. */
export function RotationTab() {
  const { t } = useTranslation();
  return (
    <ViewSwitch
      label={t('rotation:view.label')}
      views={views}
      title={(view) => t(`rotation:view.${view}`)}
      forget={['policy']}
    />
  );
}
