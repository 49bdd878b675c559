import { useEffect } from 'react';
import { Outlet, useNavigate } from 'react-router';
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
  useFrameKeys();
  useEffect(() => prefetchPages(), []);
  useEffect(() => shell()?.onNavigate(({ to }) => void navigate(to)), [navigate]);
  return (
    <div className="frame">
      <a
        className="skip"
        href="#content"
        onClick={(event) => {
          // The document's base is the app's root: followed, the address would leave the page.
          event.preventDefault();
          document.getElementById('content')?.focus();
        }}
      >
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
