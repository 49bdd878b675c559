import {
  type LogOutput,
  type LogPipeline,
  logOutputSchema,
  type PipelineStep,
} from '#shared/contract/logs-pipelines.ts';
import { compilePipeline } from '../compile.ts';
import { type ImportedReading, readCodec } from './codec.ts';
import { translateFilters } from './filters.ts';
import { type Findings, PluginOptions } from './options.ts';
import { translateOutputs } from './outputs.ts';
import { type LogstashPlugin, parseLogstash } from './parse.ts';

/** A log file that becomes a source. */
export type ImportedSource = {
  readonly path: string;
  readonly exclude: readonly string[];
  readonly from: 'beginning' | 'end';
  readonly line: number;
} & ImportedReading;

/** A receiver for messages from the network. It is made switched off: nothing listens that nobody switched on. */
export type ImportedReceiver = {
  readonly name: string;
  readonly protocol: 'udp' | 'tcp';
  readonly address: string;
  readonly port: number;
  readonly zone: string;
  readonly line: number;
};

/** What a Logstash configuration becomes; nothing of it may be put in force while anything is refused. */
export type LogstashImport = Findings & {
  readonly sources: readonly ImportedSource[];
  readonly receivers: readonly ImportedReceiver[];
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
  const nothing = { ...findings, sources: [], receivers: [], pipeline: null, outputs: [], streams: [] };
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
  const receivers: ImportedReceiver[] = [];
  const marks: PipelineStep[] = [];
  for (const statement of bodyOf('input')) {
    if (statement.kind === 'if')
      findings.refused.push({
        line: statement.line,
        name: 'if',
        text: { zh: 'input 段中不能有条件', en: 'an input section has no conditions' },
      });
    else if (statement.name === 'stdin') translateStdin(statement, findings);
    else if (statement.name === 'syslog') translateSyslog(statement, findings, receivers, marks);
    else translateInput(statement, findings, sources, marks);
  }
  const filters = translateFilters(bodyOf('filter'), findings);
  const routed = translateOutputs(bodyOf('output'), findings);
  const steps = [...marks, ...filters, ...routed.steps];
  const isFedByHand =
    sources.length + receivers.length === 0 && bodyOf('input').some(({ kind }) => kind === 'plugin');
  const base = fileName.slice(Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1);
  const pipeline: LogPipeline = {
    name: base.replace(/\.(conf|config|cfg|txt)$/i, '').slice(0, 100) || 'logstash',
    // Without a source of its own it would concern every line of the console.
    enabled: !isFedByHand,
    sources: [...sources.map(({ path }) => path.slice(0, 100)), ...receivers.map(({ name }) => name)],
    // Of what the syslog input receives, Logstash's `message` is what stands behind the header.
    message: receivers.length > 0 && sources.length === 0 ? 'parsed' : 'line',
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
    receivers,
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
  const reading = readCodec(options, findings);
  if (paths.length === 0) options.refuse({ zh: '缺少 path', en: 'path is missing' });
  for (const path of paths.filter((one) => !/^(\/|[A-Za-z]:[\\/]|\\\\)/.test(one)))
    options.refuse({ zh: `路径“${path}”不是绝对路径`, en: `the path "${path}" is not absolute` }, 'path');
  if (start !== 'beginning' && start !== 'end')
    options.refuse(
      { zh: 'start_position 应为 beginning 或 end', en: 'start_position is beginning or end' },
      'start_position',
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
  const mark = markOf(options);
  options.end();
  if (findings.refused.length > refusals) return;
  for (const path of paths) {
    sources.push({
      path,
      exclude,
      from: start === 'beginning' ? 'beginning' : 'end',
      ...reading,
      line: plugin.line,
    });
    options.take({ zh: `日志源 ${path}`, en: `the log source ${path}` });
    if (mark !== null) marks.push({ ...mark, when: `[source] == ${JSON.stringify(path.slice(0, 100))}` });
  }
}

/** The syslog input listens on UDP and TCP at once; here these are two receivers. */
function translateSyslog(
  plugin: LogstashPlugin,
  findings: Findings,
  receivers: ImportedReceiver[],
  marks: PipelineStep[],
): void {
  const options = new PluginOptions(plugin, findings);
  const refusals = findings.refused.length;
  const port = Number(options.text('port') ?? '514');
  const address = options.text('host') ?? '0.0.0.0';
  const zone = options.text('timezone') ?? '';
  const codec = options.text('codec') ?? 'plain';
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    options.refuse({ zh: '端口应为 1 至 65535', en: 'the port is 1 to 65535' }, 'port');
  if (!/^[0-9A-Fa-f.:]{2,45}$/.test(address))
    options.refuse({ zh: 'host 应为本机地址', en: 'host must be an address of this machine' }, 'host');
  if (codec !== 'plain' && codec !== 'line')
    options.refuse({ zh: `不支持编解码 ${codec}`, en: `the codec ${codec} is not taken` }, 'codec');
  options.ignore(['use_labels', 'facility_labels', 'severity_labels', 'locale'], {
    zh: '级别与设施由控制台识别，已忽略',
    en: 'levels and facilities are read by the console itself; ignored',
  });
  const mark = markOf(options);
  options.end();
  if (findings.refused.length > refusals) return;
  for (const protocol of ['udp', 'tcp'] as const) {
    const name = `syslog ${address}:${port} ${protocol}`;
    receivers.push({ name, protocol, address, port, zone, line: plugin.line });
    if (mark !== null) marks.push({ ...mark, when: `[source] == ${JSON.stringify(name)}` });
  }
  options.take({
    zh: `syslog 接收器 ${address}:${port}（UDP 与 TCP）`,
    en: `syslog receivers at ${address}:${port} (UDP and TCP)`,
  });
  options.note({
    zh: '接收器导入后处于关闭状态，请在“日志源”中打开',
    en: 'the receivers are imported switched off; switch them on under Log sources',
  });
}

/** What is typed into Logstash by hand to try a pipeline is pasted into its preview here. */
function translateStdin(plugin: LogstashPlugin, findings: Findings): void {
  const options = new PluginOptions(plugin, findings);
  options.ignore(['codec', 'type', 'tags', 'add_field'], OWN_BOOKKEEPING);
  options.end();
  options.note({
    zh: '控制台没有标准输入：请用流水线的预览粘贴样例。没有其他输入时，流水线导入后处于关闭状态，选定日志源后再打开',
    en: 'the console has no standard input: paste samples into the preview. Without another input the pipeline is imported switched off; choose its sources, then switch it on',
  });
}

/** The step that gives events of an input its type, tags and fields; null when it has none. */
function markOf(options: PluginOptions): Extract<PipelineStep, { kind: 'mutate' }> | null {
  const type = options.text('type');
  const tags = options.list('tags');
  const fields = options.hash('add_field');
  if (type === undefined && tags === undefined && fields === undefined) return null;
  return {
    kind: 'mutate',
    addField: { ...(type === undefined ? {} : { type }), ...fields },
    ...(tags === undefined ? {} : { addTag: tags }),
  };
}

const INPUT_HINTS: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  beats: {
    zh: '不支持输入 beats：请在“日志源”中用 SSH 拉取，或让主机用 syslog 发送',
    en: 'the input beats is not taken: pull the files over SSH under Log sources, or let the hosts send syslog',
  },
};
