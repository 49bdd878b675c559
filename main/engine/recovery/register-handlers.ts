import { randomUUID } from 'node:crypto';
import type { AreaHandlers, EventPayload } from '#shared/contract/index.ts';
import type { RecoveryDocument } from '#shared/contract/recovery-register.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { RecoveryContext } from './context.ts';
import { planImport, readDocument } from './document.ts';
import { overdueRisks } from './facts.ts';
import { measuredPlans, scores } from './measured.ts';
import { runbookTemplates } from './templates/index.ts';
import { starterRisks } from './templates/risks.ts';

type What = EventPayload<'recovery.changed'>['what'];

type Names =
  | `recovery.risks.${'list' | 'save' | 'remove'}`
  | `recovery.environment.${'list' | 'save' | 'remove'}`
  | 'recovery.objectives'
  | 'recovery.objectives.set'
  | `recovery.runbooks.${'list' | 'get' | 'save' | 'remove' | 'templates' | 'adopt'}`
  | 'recovery.export'
  | 'recovery.import';

/** Requests about what people write: risks, environment, objectives, runbooks, and all of it as a file. */
export function registerHandlers(context: RecoveryContext): Pick<AreaHandlers<'recovery'>, Names> {
  const { store, sources, clock } = context;
  const changed = (what: What): void => context.broadcast('recovery.changed', { what });
  const missing = (what: string, id: string): Result<never> => err(appError('NOT_FOUND', { what, id }));
  const document = (): RecoveryDocument => ({
    format: 'hmtt-recovery',
    version: 1,
    exportedAt: clock.now(),
    risks: [...store.risks.list()],
    environment: [...store.environment.list()],
    objectives: [...store.objectives.list()],
    runbooks: [...store.runbooks.list()],
  });
  return {
    'recovery.risks.list': () => {
      const risks = [...store.risks.list()];
      const overdue = overdueRisks(risks, clock.now()).map(({ id }) => id);
      const known = new Set(risks.map(({ id }) => id));
      return ok({ risks, overdue, starters: starterRisks.filter(({ id }) => !known.has(id)) });
    },
    'recovery.risks.save': ({ id = randomUUID(), ...risk }) => {
      store.risks.put({ id, ...risk });
      changed('risks');
      return ok({ id });
    },
    'recovery.risks.remove': ({ id }) => {
      if (!store.risks.remove(id)) return missing('risk', id);
      changed('risks');
      return ok({});
    },
    'recovery.environment.list': () => ok({ items: [...store.environment.list()] }),
    'recovery.environment.save': ({ id = randomUUID(), ...item }) => {
      store.environment.put({ id, ...item });
      changed('environment');
      return ok({ id });
    },
    'recovery.environment.remove': ({ id }) => {
      if (!store.environment.remove(id)) return missing('environment', id);
      changed('environment');
      return ok({});
    },
    'recovery.objectives': () =>
      ok({
        objectives: [...store.objectives.list()],
        plans: measuredPlans(context),
        scores: scores(context),
      }),
    'recovery.objectives.set': (objective) => {
      store.objectives.put(objective);
      changed('objectives');
      return ok({});
    },
    'recovery.runbooks.list': () => ok({ runbooks: [...store.runbooks.list()] }),
    'recovery.runbooks.get': ({ id }) => {
      const runbook = store.runbooks.get(id) ?? runbookTemplates.find((template) => template.id === id);
      return runbook === undefined ? missing('runbook', id) : ok(runbook);
    },
    'recovery.runbooks.save': ({ runbook }) => {
      store.runbooks.put(runbook);
      changed('runbooks');
      return ok({ id: runbook.id });
    },
    'recovery.runbooks.remove': ({ id }) => {
      if (!store.runbooks.remove(id)) return missing('runbook', id);
      changed('runbooks');
      return ok({});
    },
    'recovery.runbooks.templates': () => ok({ templates: [...runbookTemplates] }),
    'recovery.runbooks.adopt': ({ incident }) => {
      const template = runbookTemplates.find((known) => known.incident === incident);
      if (template === undefined) return missing('template', incident);
      const id = randomUUID();
      // A new runbook relies on all plans there are: better one too many in it than one forgotten.
      store.runbooks.put({ ...template, id, plans: sources.plans().map(({ name }) => name) });
      changed('runbooks');
      return ok({ id });
    },
    'recovery.export': () => ok(document()),
    'recovery.import': ({ text, dryRun }) => {
      const read = readDocument(text);
      if (!read.ok) return read;
      const names = sources.plans().map(({ name }) => name);
      const plan = planImport(read.value, document(), names);
      if (!dryRun) {
        store.together(() => {
          for (const risk of read.value.risks) store.risks.put(risk);
          for (const item of read.value.environment) store.environment.put(item);
          for (const objective of read.value.objectives) store.objectives.put(objective);
          for (const runbook of read.value.runbooks) store.runbooks.put(runbook);
        });
        for (const what of ['risks', 'environment', 'objectives', 'runbooks'] as const) changed(what);
      }
      return ok(plan);
    },
  };
}
