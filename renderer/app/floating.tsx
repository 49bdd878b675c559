import { lazy, Suspense } from 'react';
import { Overlay } from '../components/drawer.tsx';
import { useTranslation } from '../locales/use-translation.ts';
import { Boundary, ReopenButton } from './boundary.tsx';
import { closeFloating, useFloating } from './floating-store.ts';

const CommandPalette = lazy(async () => ({
  default: (await import('./command-palette.tsx')).CommandPalette,
}));
const JobDrawer = lazy(async () => ({ default: (await import('./job-drawer.tsx')).JobDrawer }));
const HelpDrawer = lazy(async () => ({ default: (await import('./help-drawer.tsx')).HelpDrawer }));
const RangeDialog = lazy(async () => ({ default: (await import('./range-dialog.tsx')).RangeDialog }));
const KeyList = lazy(async () => ({ default: (await import('./key-list.tsx')).KeyList }));

/** Draws what floats, from files that are loaded when it is first asked for. */
export function Floating() {
  const { t } = useTranslation();
  const open = useFloating((state) => state.open);
  return (
    <Boundary
      place={open ?? ''}
      instead={(thrown) => (
        <Overlay title={t('common:error.floatTitle')} onClose={closeFloating}>
          <ReopenButton />
          <pre className="crash">{thrown}</pre>
        </Overlay>
      )}
    >
      <Suspense fallback={null}>
        {open === 'palette' && <CommandPalette />}
        {open === 'jobs' && <JobDrawer />}
        {open === 'help' && <HelpDrawer />}
        {open === 'keys' && <KeyList />}
        {open === 'range' && <RangeDialog />}
      </Suspense>
    </Boundary>
  );
}
