import { dirname, isAbsolute, resolve } from 'node:path';
import type { ImportSummary } from '#shared/contract/hosts.ts';
import type { Handler } from '#shared/contract/index.ts';
import { ok } from '#shared/errors/index.ts';
import type { Logger } from '../platform/logger.ts';
import type { ApplyPlan } from './apply-plan.ts';
import type { HostsDeps } from './index.ts';
import type { JobsArea } from './jobs/jobs-area.ts';

/** What an import works on. */
export type ImportParts = {
  readonly deps: Pick<HostsDeps, 'rules' | 'remoteWrites' | 'clock'>;
  readonly jobs: JobsArea;
  readonly logger: Logger;
  readonly apply: ApplyPlan;
};

/** Imports a prometheus.yml, or says what it would do. */
export function importPrometheus(parts: ImportParts): Handler<'hosts.importPrometheus'> {
  const { deps, jobs, logger } = parts;
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
    const config = read.value;
    const definitions = config.jobs.map(({ definition }) => definition);
    const planNow = await jobs.read(definitions);
    const rules = await deps.rules.find(config.ruleFiles, fileName);
    if (!rules.ok) return rules;
    // From here to what is written nothing is waited for, so that the plan is of the inventory that it changes.
    const { plan, files } = planNow();
    const summary: ImportSummary = {
      jobs: config.jobs.map(({ name, line, intervalMs }) => ({
        ...{ name, line, intervalMs },
        targets: plan.listed.reduce((sum, one) => sum + (one.job === name ? one.targets : 0), 0),
      })),
      ruleFiles: [...config.ruleFiles],
      remoteWrites: config.remoteWrites.map(({ name }) => name),
      hostsAdded: plan.hosts.map(({ name }) => name),
      targetsAdded: plan.added,
      targetsChanged: plan.changed,
      targetsUnchanged: plan.unchanged,
      targetsDropped: plan.listed.reduce((sum, { dropped }) => sum + dropped, 0),
      targetsGone: plan.gone.length,
      discovery: files,
      ...rules.value.summary,
    };
    if (dryRun) return ok(summary);
    const sealed = jobs.seal(definitions);
    if (!sealed.ok) return sealed;
    const applied = parts.apply(plan, (write) => {
      jobs.write(sealed.value);
      const { evaluationIntervalMs, externalLabels, ruleFiles } = config;
      write.putImport({ fileName: shown, at: now(), evaluationIntervalMs, externalLabels, ruleFiles });
      rules.value.keep();
    });
    if (!applied.ok) return applied;
    jobs.refresh();
    await deps.rules.apply();
    const adopted = deps.remoteWrites.adopt(config.remoteWrites);
    if (!adopted.ok) return adopted;
    logger.log('info', 'imported a prometheus.yml', {
      jobs: config.jobs.length,
      targetsAdded: plan.added,
    });
    return ok(summary);
  };
}
