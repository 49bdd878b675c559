import type { ComponentType } from 'react';
import type { TextKey } from '../locales/use-translation.ts';

/** The pages of the navigation, in its order. */
export const pageIds = [
  'overview',
  'hosts',
  'metrics',
  'alerts',
  'logs',
  'backups',
  'recovery',
  'settings',
] as const;
export type PageId = (typeof pageIds)[number];

/** One key of a page, shown by `?`. */
export type PageKey = {
  readonly keys: string;
  /** What it does: a key of the texts. */
  readonly does: TextKey;
};

/** What every page exports as `<name>Page` from `renderer/pages/<name>/index.tsx`. */
export type PageModule = {
  readonly id: PageId;
  /** Draws the page and, with `<Routes>`, the addresses below it. */
  readonly Component: ComponentType;
  readonly keys: readonly PageKey[];
};

/** The address of a page. */
export function pagePath(id: PageId): string {
  return id === 'overview' ? '/' : `/${id}`;
}
