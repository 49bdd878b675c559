import type { AreaHandlers, Broadcast } from '#shared/contract/index.ts';
import { type LogEvent, logSourceInputSchema } from '#shared/contract/logs.ts';
import type { ImportItem, LogOutput, PipelineCounts } from '#shared/contract/logs-pipelines.ts';
import { type LogReceiver, logReceiverSchema } from '#shared/contract/logs-sources.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../../platform/clock.ts';
import type { WritableDb } from '../../storage/sqlite.ts';
import type { SourceInput } from '../source-table.ts';
import { compilePipeline } from './compile.ts';
import { importLogstash, type LogstashImport } from './logstash/import.ts';
import { compileMask, type Mask } from './mask.ts';
import { previewPipeline, sampleOfEvent, sampleOfLines } from './preview.ts';
import type { StageConfig } from './stage.ts';
import { PipelineTable } from './table.ts';

/** What pipelines need of the rest of the area. */
export type PipelineDeps = {
  readonly db: WritableDb;
  readonly clock: Clock;
  readonly broadcast: Broadcast;
  /** Hands a new stage to the log thread. */
  readonly stageChanged: (config: StageConfig) => void;
  readonly counts: () => Readonly<Record<string, readonly PipelineCounts[]>>;
  readonly search: (
    query: string,
    limit: number,
    signal: AbortSignal,
  ) => Promise<Result<readonly LogEvent[]>>;
  readonly addSource: (input: SourceInput) => Result<{ id: string }>;
  readonly receivers: {
    readonly names: () => ReadonlySet<string>;
    readonly add: (input: LogReceiver) => Result<{ id: string }>;
  };
  readonly outputs: {
    readonly names: () => ReadonlyMap<string, string>;
    readonly put: (id: string | undefined, output: LogOutput) => Result<{ id: string }>;
  };
};

type Handled =
  | 'logs.pipelines.list'
  | 'logs.pipelines.put'
  | 'logs.pipelines.remove'
  | 'logs.pipelines.order'
  | 'logs.pipelines.preview'
  | 'logs.masking.list'
  | 'logs.masking.put'
  | 'logs.masking.remove'
  | 'logs.masking.preview'
  | 'logs.logstash.preview'
  | 'logs.logstash.apply';

/** Pipelines, masking and the import of Logstash files. */
export type Pipelines = {
  readonly handlers: Pick<AreaHandlers<'logs'>, Handled>;
  /** What the log thread is started with. */
  readonly stage: () => StageConfig;
  /** Takes over what was written past these handlers. */
  readonly reread: (what: 'pipelines' | 'masking') => void;
  /** The mask for events that leave the console; null when no rule is in force there. */
  readonly exportMask: () => Mask | null;
};

/** Opens pipelines and masking rules of console.db. */
export function createPipelines(deps: PipelineDeps): Pipelines {
  const { clock, broadcast } = deps;
  const table = new PipelineTable(deps.db);
  /** Compiled when it is first asked for: an export asks for every event. */
  let exportMask: { readonly mask: Mask | null } | null = null;
  const changed = (what: 'pipelines' | 'masking'): void => {
    exportMask = null;
    deps.stageChanged(table.stage());
    broadcast('logs.pipelines.changed', { what });
  };
  /** Tells the thread and the windows of what succeeded. */
  const told = <T>(what: 'pipelines' | 'masking', result: Result<T>): Result<T> => {
    if (result.ok) changed(what);
    return result;
  };
  const streamsOf = (steps: readonly { readonly streams: readonly string[] }[]): string[] => [
    ...new Set(steps.flatMap(({ streams }) => streams)),
  ];
  const maskAt = (at: 'ingest' | 'export'): Mask | null => {
    const mask = compileMask(table.masking(), at);
    return mask.ok ? mask.value : null;
  };

  const handlers: Pipelines['handlers'] = {
    'logs.pipelines.list': () => {
      const counts = deps.counts();
      const pipelines = table.pipelines().map(({ id, pipeline }) => {
        const compiled = compilePipeline(pipeline);
        return {
          ...pipeline,
          id,
          streams: compiled.ok ? [...compiled.value.streams] : [],
          counts: [...(counts[id] ?? (compiled.ok ? compiled.value.counts() : []))],
          error: compiled.ok ? null : compiled.error,
        };
      });
      return ok({ pipelines, streams: streamsOf(pipelines) });
    },
    'logs.pipelines.put': ({ id, pipeline }) => told('pipelines', table.put(id, pipeline)),
    'logs.pipelines.remove': ({ id }) => told('pipelines', table.remove(id)),
    'logs.pipelines.order': ({ ids }) => told('pipelines', table.order(ids)),
    'logs.pipelines.preview': async ({ pipeline, sample }, { signal }) => {
      if (sample.kind === 'lines') {
        const events = sampleOfLines(sample, clock.now());
        return events.ok ? previewPipeline(pipeline, maskAt('ingest'), events.value) : events;
      }
      const found = await deps.search(sample.query, sample.limit, signal);
      return found.ok ? previewPipeline(pipeline, maskAt('ingest'), found.value.map(sampleOfEvent)) : found;
    },
    'logs.masking.list': () => ok({ rules: [...table.masking()] }),
    'logs.masking.put': ({ id, ...rule }) => told('masking', table.putMask(id, rule)),
    'logs.masking.remove': ({ id }) => told('masking', table.removeMask(id)),
    'logs.masking.preview': ({ lines, rules, at }) => {
      const mask = compileMask(rules ?? table.masking(), at);
      if (!mask.ok) return mask;
      return ok({
        lines: lines.map((before) => ({
          before,
          after: mask.value?.text(before) ?? before,
          found: [...(mask.value?.spans(before) ?? [])],
        })),
      });
    },
    'logs.logstash.preview': ({ text, fileName }) => {
      const { sources, receivers, ...imported } = importLogstash(text, fileName);
      return ok({
        ...imported,
        outputs: [...imported.outputs],
        streams: [...imported.streams],
        sources: sources.map(({ path, from, line }) => ({ path, from, line })),
        receivers: receivers.map(({ zone: _zone, ...shown }) => shown),
      });
    },
    'logs.logstash.apply': ({ text, fileName }) => {
      const imported = importLogstash(text, fileName);
      const refused = firstRefusal(imported, fileName);
      return refused === null ? apply(imported) : err(refused);
    },
  };

  /**
   * Puts an import in force. What is there already stays: a source of the same path, an output of the same name; a
   * pipeline of the same name is replaced, so that a file can be imported again after it was changed.
   */
  const apply = (imported: LogstashImport) => {
    const notices: ImportItem[] = [...imported.notices];
    const sources: string[] = [];
    const outputs: string[] = [];
    let pipeline: string | null = null;
    // The pipeline first: lines of a new source are read at once, and must meet it.
    if (imported.pipeline !== null) {
      const { name } = imported.pipeline;
      const same = table.pipelines().find((one) => one.pipeline.name === name);
      const put = table.put(same?.id, imported.pipeline);
      if (!put.ok) return put;
      pipeline = put.value.id;
      if (same !== undefined)
        notices.push({
          line: 1,
          name: 'pipeline',
          text: { zh: `已替换流水线“${name}”`, en: `the pipeline "${name}" was replaced` },
        });
      changed('pipelines');
    }
    const known = deps.outputs.names();
    for (const output of imported.outputs) {
      if (known.has(output.name)) {
        notices.push({
          line: 1,
          name: 'elasticsearch',
          text: {
            zh: `已有输出“${output.name}”，未改动`,
            en: `there is an output "${output.name}" already; it is left as it is`,
          },
        });
        continue;
      }
      const put = deps.outputs.put(undefined, output);
      if (!put.ok) return put;
      outputs.push(output.name);
    }
    for (const { line, ...source } of imported.sources) {
      const { path } = source;
      const added = deps.addSource(logSourceInputSchema.parse({ ...source, name: path.slice(0, 100) }));
      if (added.ok) sources.push(added.value.id);
      else if (added.error.code === 'LOG_SOURCE_EXISTS')
        notices.push({
          line,
          name: 'file',
          text: {
            zh: `已有读取 ${path} 的日志源；请确认流水线包含它的名称`,
            en: `there is a source for ${path} already; see that the pipeline names it`,
          },
        });
      else return added;
    }
    const receivers: string[] = [];
    for (const { line: _line, ...receiver } of imported.receivers) {
      if (deps.receivers.names().has(receiver.name)) continue;
      const added = deps.receivers.add(logReceiverSchema.parse(receiver));
      if (!added.ok) return added;
      receivers.push(receiver.name);
    }
    return ok({ sources, receivers, pipeline, outputs, streams: [...imported.streams], notices });
  };

  return {
    handlers,
    stage: () => table.stage(),
    reread: changed,
    exportMask: () => {
      exportMask ??= { mask: maskAt('export') };
      return exportMask.mask;
    },
  };
}

function firstRefusal(imported: LogstashImport, fileName: string) {
  const [first] = imported.refused.toSorted((a, b) => a.line - b.line);
  if (first === undefined) return null;
  const why = (text: string): string => (first.name === '' ? text : `${first.name}: ${text}`);
  return appError(
    'LOGSTASH_REFUSED',
    {
      file: fileName,
      line: first.line,
      why: { zh: why(first.text.zh), en: why(first.text.en) },
      count: imported.refused.length,
    },
    { line: first.line },
  );
}
