import type { AreaHandlers, Broadcast } from '#shared/contract/index.ts';
import type { LogEvent } from '#shared/contract/logs.ts';
import type { Result } from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { SecretStore } from '../platform/secrets.ts';
import type { SiteSection } from '../platform/site-section.ts';
import type { Timers } from '../platform/timers.ts';
import type { TaskStarter } from '../platform/worker-tasks.ts';
import type { WritableDb } from '../storage/sqlite.ts';
import { createOutputs, type LogOutputs, type OutputFault } from './output/outputs.ts';
import { createRemoteSearch, type RemoteSearch } from './output/remote-search.ts';
import { connectionSecrets } from './output/secrets.ts';
import { createPipelines, type PipelineDeps, type Pipelines } from './pipeline/handlers.ts';
import { maskLogEvent } from './pipeline/masked-event.ts';
import type { StageConfig } from './pipeline/stage.ts';
import { pipelineSections } from './site-sections.ts';

/** What happens to events besides being stored: masking, pipelines, other servers. */
export type ProcessingDeps = Pick<PipelineDeps, 'counts' | 'search' | 'addSource' | 'receivers'> & {
  /** The `logs` folder of the data folder. */
  readonly folder: string;
  readonly db: WritableDb;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly tasks: TaskStarter;
  readonly broadcast: Broadcast;
  readonly watching: boolean;
  /** Null keeps secrets as they are, where there is no store of them. */
  readonly secrets: SecretStore | null;
  /** Hands a new stage to the log thread. */
  readonly setStage: (stage: StageConfig) => void;
};

export type Processing = {
  readonly handlers: Pick<
    AreaHandlers<'logs'>,
    keyof Pipelines['handlers'] | keyof LogOutputs['handlers'] | keyof RemoteSearch['handlers']
  >;
  /** What the log thread is started with. */
  readonly stage: () => StageConfig;
  /** What of an event may be seen outside. */
  readonly maskEvent: (event: LogEvent) => LogEvent;
  /** Searches a server where one is set. */
  readonly governed: RemoteSearch['governed'];
  readonly dayRemoved: (day: string) => void;
  /** Its part of the site document. */
  readonly sections: readonly SiteSection[];
  /** What hinders sending. */
  readonly problems: () => readonly OutputFault[];
  readonly close: () => Promise<void>;
};

/** Puts pipelines, outputs and the search of other servers together. */
export function createProcessing(deps: ProcessingDeps): Processing {
  const secrets = connectionSecrets(deps.secrets);
  const outputs = createOutputs({
    ...deps,
    secrets,
    masking: () => pipelines.stage().masking,
    sending: deps.watching,
  });
  const pipelines = createPipelines({
    ...deps,
    outputs,
    stageChanged: (stage) => {
      deps.setStage(stage);
      outputs.maskingChanged();
    },
  });
  const remote = createRemoteSearch({ ...deps, secrets });
  return {
    handlers: { ...pipelines.handlers, ...outputs.handlers, ...remote.handlers },
    stage: pipelines.stage,
    maskEvent: (event) => {
      const mask = pipelines.exportMask();
      return mask === null ? event : maskLogEvent(mask, event);
    },
    governed: remote.governed,
    dayRemoved: outputs.dayRemoved,
    sections: [...pipelineSections(deps.db, pipelines.reread), outputs.section, remote.section],
    problems: outputs.problems,
    close: async () => {
      await outputs.close();
      await remote.close();
    },
  };
}

/** What a search for a preview answers, without its page. */
export function eventsOf(
  page: Result<{ readonly events: readonly LogEvent[] }>,
): Result<readonly LogEvent[]> {
  return page.ok ? { ok: true, value: page.value.events } : page;
}
