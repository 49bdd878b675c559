import {
  type LogOutput,
  type LogPipeline,
  logOutputSchema,
  type PipelineStep,
} from '#shared/contract/logs-pipelines.ts';
import { compilePipeline } from '../compile.ts';
import { translateFilters } from './filters.ts';
import { type Findings, PluginOptions } from './options.ts';
import { translateOutputs } from './outputs.ts';
import { type LogstashPlugin, parseLogstash } from './parse.ts';

/** A log file that becomes a source. */
export type ImportedSource = {
  readonly path: string;
  readonly exclude: readonly string[];
  readonly from: 'beginning' | 'end';
  readonly format: 'auto' | 'json';
  readonly line: number;
};

/** What a Logstash configuration becomes; nothing of it may be put in force while anything is refused. */
export type LogstashImport = Findings & {
  readonly sources: readonly ImportedSource[];
  readonly pipeline: LogPipeline | null;
  readonly outputs: readonly LogOutput[];
  readonly streams: readonly string[];
};

const OWN_BOOKKEEPING = {
  zh: '控制台自己记录读取位置，已忽略',
  en: 'the console keeps positions itself; ignored',
};

/**
 * Translates a Logstash configuration.
 *
 * @param fileName names the pipeline, and is named in sentences
 */
export function importLogstash(text: string, fileName: string): LogstashImport {
  const findings: Findings = { taken: [], notices: [], refused: [] };
  const nothing = { ...findings, sources: [], pipeline: null, outputs: [], streams: [] };
  const file = parseLogstash(text);
  if (!('sections' in file)) {
    findings.refused.push({ line: file.line, name: '', text: file.why });
    return nothing;
  }
  if (file.sections.length === 0) {
    findings.refused.push({
      line: 1,
      name: '',
      text: { zh: '没有 input、filter 或 output 段', en: 'there is no input, filter or output section' },
    });
    return nothing;
  }
  const bodyOf = (name: 'input' | 'filter' | 'output') =>
    file.sections.filter((section) => section.name === name).flatMap(({ body }) => body);
  const sources: ImportedSource[] = [];
  const marks: PipelineStep[] = [];
  for (const statement of bodyOf('input')) {
    if (statement.kind === 'if')
      findings.refused.push({
        line: statement.line,
        name: 'if',
        text: { zh: 'input 段中不能有条件', en: 'an input section has no conditions' },
      });
    else translateInput(statement, findings, sources, marks);
  }
  const filters = translateFilters(bodyOf('filter'), findings);
  const routed = translateOutputs(bodyOf('output'), findings);
  const steps = [...marks, ...filters, ...routed.steps];
  const base = fileName.slice(Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1);
  const pipeline: LogPipeline = {
    name: base.replace(/\.(conf|config|cfg|txt)$/i, '').slice(0, 100) || 'logstash',
    enabled: true,
    sources: sources.map(({ path }) => path.slice(0, 100)),
    message: 'line',
    steps,
  };
  const compiled = compilePipeline(pipeline);
  if (!compiled.ok && findings.refused.length === 0)
    findings.refused.push({ line: 1, name: '', text: compiled.error.message });
  if (filters.length > 0)
    findings.taken.push({
      line: file.sections.find(({ name }) => name === 'filter')?.line ?? 1,
      name: 'filter',
      text: { zh: `流水线“${pipeline.name}”`, en: `the pipeline "${pipeline.name}"` },
    });
  return {
    ...findings,
    sources,
    pipeline: steps.length === 0 ? null : pipeline,
    outputs: routed.outputs.map((output) => logOutputSchema.parse(output)),
    streams: routed.streams,
  };
}

function translateInput(
  plugin: LogstashPlugin,
  findings: Findings,
  sources: ImportedSource[],
  marks: PipelineStep[],
): void {
  const options = new PluginOptions(plugin, findings);
  if (plugin.name !== 'file') {
    options.refuse(
      INPUT_HINTS[plugin.name] ?? {
        zh: `不支持输入 ${plugin.name}`,
        en: `the input ${plugin.name} is not taken`,
      },
    );
    return;
  }
  const refusals = findings.refused.length;
  const paths = options.list('path') ?? [];
  const exclude = options.list('exclude') ?? [];
  const start = options.text('start_position') ?? 'end';
  const codec = options.text('codec') ?? 'plain';
  if (paths.length === 0) options.refuse({ zh: '缺少 path', en: 'path is missing' });
  for (const path of paths.filter((one) => !/^(\/|[A-Za-z]:[\\/]|\\\\)/.test(one)))
    options.refuse({ zh: `路径“${path}”不是绝对路径`, en: `the path "${path}" is not absolute` }, 'path');
  if (start !== 'beginning' && start !== 'end')
    options.refuse(
      { zh: 'start_position 应为 beginning 或 end', en: 'start_position is beginning or end' },
      'start_position',
    );
  if (!['plain', 'line', 'json', 'json_lines'].includes(codec))
    options.refuse(
      {
        zh: `不支持编解码 ${codec}（多行请在日志源中设置）`,
        en: `the codec ${codec} is not taken (lines are joined by the source's own setting)`,
      },
      'codec',
    );
  if ((options.text('mode') ?? 'tail') !== 'tail')
    options.refuse({ zh: '只支持 mode => tail', en: 'only mode => tail is taken' }, 'mode');
  const delimiter = options.text('delimiter');
  if (delimiter !== undefined && delimiter !== '\\n' && delimiter !== '\n')
    options.refuse({ zh: '行只能以换行结束', en: 'lines end with a line feed only' }, 'delimiter');
  options.ignore(
    [
      'sincedb_path',
      'sincedb_write_interval',
      'sincedb_clean_after',
      'ignore_older',
      'close_older',
      'stat_interval',
      'discover_interval',
      'max_open_files',
      'file_chunk_size',
      'file_chunk_count',
      'file_sort_by',
      'file_sort_direction',
    ],
    OWN_BOOKKEEPING,
  );
  const type = options.text('type');
  const tags = options.list('tags');
  const fields = options.hash('add_field');
  options.end();
  if (findings.refused.length > refusals) return;
  for (const path of paths) {
    sources.push({
      path,
      exclude,
      from: start === 'beginning' ? 'beginning' : 'end',
      format: codec.startsWith('json') ? 'json' : 'auto',
      line: plugin.line,
    });
    options.take({ zh: `日志源 ${path}`, en: `the log source ${path}` });
    if (type === undefined && tags === undefined && fields === undefined) continue;
    marks.push({
      kind: 'mutate',
      when: `[source] == ${JSON.stringify(path.slice(0, 100))}`,
      addField: { ...(type === undefined ? {} : { type }), ...fields },
      ...(tags === undefined ? {} : { addTag: tags }),
    });
  }
}

const INPUT_HINTS: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  beats: {
    zh: '不支持输入 beats：请在“日志源”中用 SSH 拉取，或让主机用 syslog 发送',
    en: 'the input beats is not taken: pull the files over SSH under Log sources, or let the hosts send syslog',
  },
  stdin: {
    zh: '不支持输入 stdin：控制台没有标准输入，请改为文件',
    en: 'the input stdin is not taken: the console has no standard input; write to a file instead',
  },
  syslog: {
    zh: '不支持从此文件导入 syslog 输入：请在“日志源”中打开 syslog 接收器，再去掉这一段导入',
    en: 'the input syslog is not taken from this file: switch a syslog receiver on under Log sources, and import without this part',
  },
};
