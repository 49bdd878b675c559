import { create } from 'zustand';
import type { PageModule } from './page-module.ts';

/** The page that is shown, for the frame's key list and help. */
export const useShownPage = create<{ readonly page: PageModule | null }>(() => ({ page: null }));
