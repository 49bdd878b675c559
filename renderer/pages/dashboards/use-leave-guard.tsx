import { type ReactNode, useCallback, useRef } from 'react';
import { useBlocker } from 'react-router';
import { Button } from '../../components/button.tsx';
import { Overlay } from '../../components/drawer.tsx';
import { useTranslation } from '../../locales/use-translation.ts';

export type LeaveGuard = {
  /** The question, when somebody is about to leave; null otherwise. */
  readonly dialog: ReactNode;
  /** Lets the next move go: it is one that keeps or gives up the changes knowingly. */
  readonly allow: () => void;
};

/** Asks before another page is shown while changes are not saved. Moves within the page are let go. */
export function useLeaveGuard(dirty: boolean): LeaveGuard {
  const { t } = useTranslation();
  const allowed = useRef(false);
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      dirty && !allowed.current && currentLocation.pathname !== nextLocation.pathname,
  );
  const allow = useCallback(() => {
    allowed.current = true;
  }, []);
  const dialog =
    blocker.state === 'blocked' ? (
      <Overlay kind="dialog" title={t('dashboards:leave.title')} onClose={() => blocker.reset()}>
        <p>{t('dashboards:leave.body')}</p>
        <div className="row">
          <Button kind="primary" data-autofocus onClick={() => blocker.reset()}>
            {t('dashboards:leave.stay')}
          </Button>
          <Button kind="danger" onClick={() => blocker.proceed()}>
            {t('dashboards:leave.go')}
          </Button>
        </div>
      </Overlay>
    ) : null;
  return { dialog, allow };
}
