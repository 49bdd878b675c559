import { create } from 'zustand';

/** What floats above the page; one thing at a time. */
export type FloatingKind = 'palette' | 'jobs' | 'help' | 'keys' | 'range';

export const useFloating = create<{ readonly open: FloatingKind | null }>(() => ({ open: null }));

/** Closes whatever floats. */
export function closeFloating(): void {
  useFloating.setState({ open: null });
}
