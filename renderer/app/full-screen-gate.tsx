import { lazy, Suspense, useEffect, useState } from 'react';
import type { Notice } from '#shared/contract/notice.ts';
import { useNow } from '../components/use-now.ts';
import { useEvent, useRequest } from '../components/use-request.ts';
import { shell } from './shell.ts';

const FullScreenAlert = lazy(async () => ({
  default: (await import('../pages/alerts/screen/full-screen.tsx')).FullScreenAlert,
}));

/** How long "later" lasts, milliseconds; then the view is back, as long as nobody has acknowledged. */
const LATER_MS = 120_000;

/** Shows what asks for the whole screen, whatever page is open. */
export function FullScreenGate() {
  const asked = useRequest('notify.fullScreen', {});
  const [told, setTold] = useState<readonly Notice[] | null>(null);
  const [putAway, setPutAway] = useState<{ readonly until: number; readonly ids: string } | null>(null);
  const now = useNow(5_000);
  useEvent('notify.fullScreen', ({ notices }) => setTold(notices));
  const notices = told ?? asked.data?.notices ?? [];
  const ids = notices.map(({ id }) => id).join(' ');
  // A new notice comes back at once, also while an older one was put away.
  const isAway = putAway !== null && putAway.ids === ids && now < putAway.until;
  const isShown = notices.length > 0 && !isAway;
  useEffect(() => void shell()?.takeScreen(isShown), [isShown]);
  if (!isShown) return null;
  return (
    <Suspense fallback={null}>
      <FullScreenAlert
        key={ids}
        notices={notices}
        onLater={() => setPutAway({ until: Date.now() + LATER_MS, ids })}
        onDone={() => setTold([])}
      />
    </Suspense>
  );
}
