import { createContext, useContext } from 'react';
import { create } from 'zustand';
import type { PageModule } from './page-module.ts';

/** The page that a component stands in; null in the frame. */
export const PageScope = createContext<PageModule | null>(null);

/** The page that a component stands in. */
export function usePage(): PageModule | null {
  return useContext(PageScope);
}

/** The page that is shown, for the frame's key list and help. */
export const useShownPage = create<{ readonly page: PageModule | null }>(() => ({ page: null }));
