import { useSearchParams } from 'react-router';
import { Button } from '../../../components/button.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { MaskingView } from './masking-view.tsx';
import { OutputsView } from './outputs-view.tsx';
import { PipelinesView } from './pipelines-view.tsx';
import { SearchSourceView } from './search-source-view.tsx';
import './pipelines.css';

const views = {
  pipelines: PipelinesView,
  masking: MaskingView,
  outputs: OutputsView,
  remote: SearchSourceView,
};
type View = keyof typeof views;
const names = Object.keys(views) as readonly View[];

/** What is done with lines on their way: changed, hidden, routed, sent on. */
export function PipelinesTab() {
  const { t } = useTranslation();
  const [params, setParams] = useSearchParams();
  const view = names.find((known) => known === params.get('view')) ?? 'pipelines';
  const Shown = views[view];
  return (
    <div className="logs-view scrolling">
      <fieldset className="segmented" aria-label={t('pipelines:view.label')}>
        {names.map((name) => (
          <Button
            key={name}
            aria-pressed={name === view}
            onClick={() =>
              setParams((old) => {
                const next = new URLSearchParams(old);
                if (name === 'pipelines') next.delete('view');
                else next.set('view', name);
                return next;
              })
            }
          >
            {t(`pipelines:view.${name}`)}
          </Button>
        ))}
      </fieldset>
      <Shown />
    </div>
  );
}
