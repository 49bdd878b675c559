import { useTranslation } from '../../../locales/use-translation.ts';
import { ViewSwitch } from '../view-switch.tsx';
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

/** What is done with lines on their way: changed, hidden, routed, sent on. */
export function PipelinesTab() {
  const { t } = useTranslation();
  return (
    <ViewSwitch
      label={t('pipelines:view.label')}
      views={views}
      title={(view) => t(`pipelines:view.${view}`)}
    />
  );
}
