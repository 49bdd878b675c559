import type { Panel } from '#shared/domain/dashboard/panels.ts';
import { isAsking } from '#shared/domain/dashboard/panels.ts';
import { Button } from '../components/button.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import { StaleMark } from '../components/request-view.tsx';
import { Skeleton } from '../components/skeleton.tsx';
import { useTranslation } from '../locales/use-translation.ts';
import { useConnection } from '../stores/connection.ts';
import { PanelBody } from './panel-body.tsx';
import { PanelTwin } from './panel-twin.tsx';
import type { PanelData } from './panel-types.ts';

export type PanelStateProps = {
  readonly panel: Panel;
  readonly data: PanelData;
  /** The table in the picture's place. */
  readonly asTable: boolean;
  readonly onRetry: () => void;
  /** Opens what asks, where somebody may change it. */
  readonly onInspect: () => void;
};

/** A panel's content by the house rules: old data stays, what failed says why, what is empty says so. */
export function PanelState({ panel, data, asTable, onRetry, onInspect }: PanelStateProps) {
  const { t } = useTranslation();
  const away = useConnection((state) => state.client === null);
  if (!isAsking(panel)) return <PanelBody panel={panel} data={data} />;
  const { answers } = data;
  if (answers.length === 0) return <Nothing text={t('dashboards:panel.noTargets')} />;
  const failed = answers.filter(({ error }) => error !== null && error.code !== 'ENGINE_GONE');
  const filled = answers.filter(({ columns }) => columns !== null);
  const [firstError] = failed;
  const oldest = filled.reduce<number | null>((least, { at }) => Math.min(least ?? at ?? 0, at ?? 0), null);
  const empty = filled.every(({ columns }) => columns?.series.length === 0);
  return (
    <>
      {firstError?.error && (
        <div className="panel-failed">
          {failed.length > 1 || answers.length > 1 ? (
            <span className="soft small">{t('dashboards:panel.target', { ref: firstError.target.ref })}</span>
          ) : null}
          <ErrorNotice error={firstError.error} onRetry={onRetry} />
          <Button kind="quiet" onClick={onInspect}>
            {t('dashboards:panel.inspect')}
          </Button>
        </div>
      )}
      <StaleMark request={{ stale: filled.length > 0 && (away || failed.length > 0), at: oldest }} />
      {filled.length === 0 ? (
        failed.length > 0 || !data.alive ? null : (
          <Skeleton rows={Math.max(2, panel.place.h - 2)} />
        )
      ) : empty ? (
        firstError === undefined && <Nothing text={t('dashboards:panel.empty')} onInspect={onInspect} />
      ) : asTable ? (
        <PanelTwin panel={panel} data={data} />
      ) : (
        <PanelBody panel={panel} data={data} />
      )}
    </>
  );
}

/** Says why nothing is here. */
function Nothing({ text, onInspect }: { readonly text: string; readonly onInspect?: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="panel-nothing soft">
      <p>{text}</p>
      {onInspect && (
        <Button kind="quiet" onClick={onInspect}>
          {t('dashboards:panel.inspect')}
        </Button>
      )}
    </div>
  );
}
