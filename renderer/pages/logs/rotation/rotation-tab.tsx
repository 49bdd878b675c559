import { useSearchParams } from 'react-router';
import { Button } from '../../../components/button.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
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
type View = keyof typeof views;
const names = Object.keys(views) as readonly View[];

/** How log files are rotated, what was done, what is kept and for how long. */
export function RotationTab() {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const view = names.find((known) => known === params.get('view')) ?? 'policies';
  const Shown = views[view];
  return (
    <div className="logs-view scrolling">
      <fieldset className="segmented" aria-label={t('rotation:view.label')}>
        {names.map((name) => (
          <Button
            key={name}
            aria-pressed={name === view}
            onClick={() =>
              setParams((old) => {
                const next = new URLSearchParams(old);
                if (name === 'policies') next.delete('view');
                else next.set('view', name);
                next.delete('policy');
                return next;
              })
            }
          >
            {t(`rotation:view.${name}`)}
          </Button>
        ))}
      </fieldset>
      <Shown />
    </div>
  );
}
