import { create } from 'zustand';

const KEY = 'hmtt.first-run';

/** Whether this workstation's operator has gone through the first set-up, or put it off. */
export const useFirstRun = create<{ readonly settled: boolean }>(() => ({
  settled: localStorage.getItem(KEY) !== null,
}));

/** Remembers that the first set-up is done, or not wanted now; it stays reachable from the settings. */
export function settleFirstRun(how: 'done' | 'later'): void {
  localStorage.setItem(KEY, how);
  useFirstRun.setState({ settled: true });
}
