import type { ReactNode } from 'react';
import { Button } from '../components/button.tsx';
import { Icon } from '../components/icon.tsx';
import { useTranslation } from '../locales/use-translation.ts';
import type { useChartActions } from './use-chart-actions.ts';

type ZoomStepsProps = {
  readonly chartTime: ReturnType<typeof useChartActions>;
  /** What stands behind the two. */
  readonly children?: ReactNode;
};

/** Back to the range before, and forward again. */
export function ZoomSteps({ chartTime, children }: ZoomStepsProps) {
  const { t } = useTranslation();
  return (
    <fieldset className="segmented" aria-label={t('metrics:zoom')}>
      <Button
        title={t('metrics:zoomBack')}
        aria-label={t('metrics:zoomBack')}
        disabled={chartTime.back === undefined}
        onClick={chartTime.back}
      >
        <Icon name="back" size={14} />
      </Button>
      <Button
        title={t('metrics:zoomForward')}
        aria-label={t('metrics:zoomForward')}
        disabled={chartTime.forward === undefined}
        onClick={chartTime.forward}
      >
        <Icon name="arrow" size={14} />
      </Button>
      {children}
    </fieldset>
  );
}
