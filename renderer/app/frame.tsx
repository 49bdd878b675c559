import { useEffect } from 'react';
import { Outlet, useLocation, useNavigate } from 'react-router';
import { useTranslation } from '../locales/use-translation.ts';
import { EngineBanner } from './engine-banner.tsx';
import { Floating } from './floating.tsx';
import { useFrameKeys } from './frame-keys.ts';
import { FullScreenGate } from './full-screen-gate.tsx';
import { Navigation } from './navigation.tsx';
import { prefetchPages } from './page-loaders.ts';
import { PrintHead } from './print-head.tsx';
import { shell } from './shell.ts';
import { SourceBanner } from './source-banner.tsx';
import { StatusBar } from './status-bar.tsx';
import { TopBar } from './top-bar.tsx';
import { TrainingStrip } from './training-strip.tsx';

/** What surrounds every page: navigation, top bar, engine banner, status bar, and what floats. */
export function Frame() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  // The document's base is the app's root, so a link within the page names the page, too.
  const { pathname, search } = useLocation();
  useFrameKeys();
  useEffect(() => prefetchPages(), []);
  useEffect(() => shell()?.onNavigate(({ to }) => void navigate(to)), [navigate]);
  return (
    <div className="frame">
      <a className="skip" href={`${pathname}${search}#content`}>
        {t('common:nav.skip')}
      </a>
      <PrintHead />
      <TopBar />
      <Navigation />
      <main id="content" className="content" tabIndex={-1}>
        <EngineBanner />
        <SourceBanner />
        <TrainingStrip />
        <Outlet />
      </main>
      <StatusBar />
      <Floating />
      <FullScreenGate />
    </div>
  );
}
