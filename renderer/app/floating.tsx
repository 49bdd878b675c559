import { lazy, Suspense } from 'react';
import { useFloating } from './floating-store.ts';

const CommandPalette = lazy(async () => ({
  default: (await import('./command-palette.tsx')).CommandPalette,
}));
const JobDrawer = lazy(async () => ({ default: (await import('./job-drawer.tsx')).JobDrawer }));
const HelpDrawer = lazy(async () => ({ default: (await import('./help-drawer.tsx')).HelpDrawer }));
const KeyList = lazy(async () => ({ default: (await import('./key-list.tsx')).KeyList }));

/** Draws what floats, from files that are loaded when it is first asked for. */
export function Floating() {
  const open = useFloating((state) => state.open);
  return (
    <Suspense fallback={null}>
      {open === 'palette' && <CommandPalette />}
      {open === 'jobs' && <JobDrawer />}
      {open === 'help' && <HelpDrawer />}
      {open === 'keys' && <KeyList />}
    </Suspense>
  );
}
