import { dirname, isAbsolute, resolve } from 'node:path';
import type { ImportSummary } from '#shared/contract/hosts.ts';
import type { Handler } from '#shared/contract/index.ts';
import { ok, type Result } from '#shared/errors/index.ts';
import type { Logger } from '../platform/logger.ts';
import type { HostStore, StoredHost, StoredTarget } from './host-store.ts';
import type { HostsDeps } from './index.ts';
import { planImport } from './plan-import.ts';
import type { TargetSecrets } from './target-secrets.ts';

/** What an import works on. */
export type ImportParts = {
  readonly deps: Pick<HostsDeps, 'rules' | 'remoteWrites' | 'clock'>;
  readonly store: HostStore;
  readonly secrets: TargetSecrets;
  readonly logger: Logger;
  readonly targets: () => readonly StoredTarget[];
  readonly change: (work: Parameters<HostStore['change']>[0]) => Result<null>;
  readonly take: (hosts: readonly StoredHost[], targets: readonly StoredTarget[]) => void;
};

/** Imports a prometheus.yml, or says what it would do. */
export function importPrometheus(parts: ImportParts): Handler<'hosts.importPrometheus'> {
  const { deps, store, secrets, logger, change, take } = parts;
  const { now } = deps.clock;
  return async ({ fileName, text, dryRun }) => {
    // Loaded with the first import: a YAML parser is no small part of the engine's start.
    const { readPrometheusConfig } = await import('./prometheus-config/read-config.ts');
    const shown = fileName.replace(/^.*[\\/]/, '');
    const read = readPrometheusConfig(shown, text, (path) => {
      if (isAbsolute(path)) return path;
      return isAbsolute(fileName) ? resolve(dirname(fileName), path) : null;
    });
    if (!read.ok) return read;
    const plan = planImport(read.value, {
      hosts: store.hosts(),
      targets: secrets.open(parts.targets()),
    });
    const rules = await deps.rules.find(read.value.ruleFiles, fileName);
    if (!rules.ok) return rules;
    const summary: ImportSummary = { ...plan.summary, ...rules.value.summary };
    if (dryRun) return ok(summary);
    const targets = secrets.seal(plan.targets);
    if (!targets.ok) return targets;
    const written = change((write) => {
      for (const host of plan.hosts) write.addHost(host, now());
      for (const target of targets.value) write.putTarget(target, now());
      const { evaluationIntervalMs, externalLabels, ruleFiles } = read.value;
      write.putImport({
        fileName: shown,
        at: now(),
        evaluationIntervalMs,
        externalLabels,
        ruleFiles,
      });
      rules.value.keep();
    });
    if (!written.ok) return written;
    take(plan.hosts, targets.value);
    await deps.rules.apply();
    const adopted = deps.remoteWrites.adopt(read.value.remoteWrites);
    if (!adopted.ok) return adopted;
    logger.log('info', 'imported a prometheus.yml', {
      jobs: read.value.jobs.length,
      targetsAdded: plan.summary.targetsAdded,
    });
    return ok(summary);
  };
}
