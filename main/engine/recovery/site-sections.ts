import { isAbsolute } from 'node:path';
import type * as z from 'zod';
import { drillPlanSchema } from '#shared/contract/recovery-drills.ts';
import {
  environmentItemSchema,
  objectiveSchema,
  riskSchema,
  runbookSchema,
} from '#shared/contract/recovery-register.ts';
import { appError } from '#shared/errors/index.ts';
import { absentPaths, type SiteSection, siteSection, written } from '../platform/site-section.ts';
import { nextDrill } from './stamp.ts';
import type { DocumentStore, RecoveryStore } from './store.ts';

/** What people wrote of recovery, as parts of the site document; runs, drills and records are history, and stay. */
export function recoverySections(
  store: RecoveryStore,
  changed: (what: 'risks' | 'environment' | 'objectives' | 'runbooks' | 'drills') => void,
): readonly SiteSection[] {
  /** Documents in the order of their keys: that of the lists follows their content. */
  const section = <T extends object>(
    name: string,
    what: Parameters<typeof changed>[0],
    schema: z.ZodType<T>,
    documents: DocumentStore<T>,
    names: { readonly key: (document: T) => string; readonly label: (document: T) => string },
  ): SiteSection =>
    siteSection({
      name,
      most: 5_000,
      schema,
      ...names,
      read: () => documents.list().toSorted((a, b) => (names.key(a) < names.key(b) ? -1 : 1)),
      put: (document) => {
        documents.put(document);
        return written;
      },
      took: () => changed(what),
    });
  const id = (document: { readonly id: string }): string => document.id;
  const title = (document: { readonly title: { readonly zh: string; readonly en: string } }): string =>
    document.title.zh || document.title.en;
  return [
    section('risks', 'risks', riskSchema, store.risks, { key: id, label: title }),
    section('environment', 'environment', environmentItemSchema, store.environment, {
      key: id,
      label: ({ name }) => name,
    }),
    section('objectives', 'objectives', objectiveSchema, store.objectives, {
      key: ({ dataClass }) => dataClass,
      label: ({ dataClass }) => dataClass,
    }),
    section('runbooks', 'runbooks', runbookSchema, store.runbooks, { key: id, label: title }),
    siteSection({
      name: 'drillPlans',
      most: 5_000,
      schema: drillPlanSchema,
      key: ({ plan }) => plan,
      read: () => store.drillPlans.list().map(({ since: _, ...rule }) => rule),
      check: ({ schedule, scratchDir }) => {
        if (scratchDir !== null && !isAbsolute(scratchDir))
          return appError('RESTORE_TARGET_RELATIVE', { dir: scratchDir }, { field: 'scratchDir' });
        const next = schedule === null ? null : nextDrill(schedule, 0);
        return next === null || next.ok ? null : { ...next.error, field: 'schedule' };
      },
      put: (rule, { now }) => {
        store.drillPlans.put({ ...rule, since: now });
        return written;
      },
      warn: ({ scratchDir }) => absentPaths([scratchDir]),
      runs: ({ appCheck }) => [appCheck?.command],
      took: () => changed('drills'),
    }),
  ];
}
