import { create } from 'zustand';

/** What the metrics page showed when it was left. */
export type LeftView = {
  /** The page's own members of the address, without the time range; null before the first visit. */
  readonly search: string | null;
};

/** Keeps the page's view while another page is shown, so that coming back by the navigation finds it as it was. */
export const useMetricsView = create<LeftView>(() => ({ search: null }));
