import {
  type LogOutputInput,
  logOutputSchema,
  logStreamNameSchema,
  type PipelineStep,
} from '#shared/contract/logs-pipelines.ts';
import type { Bilingual } from '#shared/errors/index.ts';
import { type Condition, parseCondition } from '../condition.ts';
import { dateWriter } from '../template.ts';
import { type Findings, PluginOptions } from './options.ts';
import type { LogstashIf, LogstashPlugin, LogstashStatement } from './parse.ts';

/** What output sections become: steps that route events to streams, and the servers that streams are sent to. */
export type TranslatedOutputs = {
  readonly steps: readonly PipelineStep[];
  readonly outputs: readonly LogOutputInput[];
  readonly streams: readonly string[];
};

const NO_MEANING = { zh: '在控制台中没有对应含义，已忽略', en: 'has no meaning in the console, ignored' };
const ONE_STREAM: Bilingual = {
  zh: '一个事件只属于一个流：请写成 if / else if / else',
  en: 'an event belongs to one stream only: write it as if / else if / else',
};
/** Options of the elasticsearch output that only steer its own machinery. */
const MACHINERY = [
  'template',
  'template_name',
  'template_overwrite',
  'manage_template',
  'ilm_rollover_alias',
  'ilm_pattern',
  'ilm_policy',
  'pool_max',
  'pool_max_per_route',
  'resurrect_delay',
  'retry_initial_interval',
  'retry_max_interval',
  'retry_on_conflict',
  'sniffing',
  'http_compression',
  'compression_level',
  'validate_after_inactivity',
  'document_type',
  'codec',
  'workers',
  'flush_size',
  'idle_flush_time',
  'data_stream_auto_routing',
];

type Target = { connection: Omit<LogOutputInput, 'name' | 'streams' | 'index'>; name: string; index: string };

/** Translates the output sections, put together in their order. */
export function translateOutputs(body: readonly LogstashStatement[], findings: Findings): TranslatedOutputs {
  const targets: { readonly stream: string; readonly target: Target }[] = [];
  const streams: string[] = [];

  const plugin = (statement: LogstashPlugin): PipelineStep[] => {
    const options = new PluginOptions(statement, findings);
    if (statement.name === 'stdout' || statement.name === 'null') {
      options.note({ zh: '调试输出，已忽略', en: 'an output for looking on, ignored' });
      return [];
    }
    const refusals = findings.refused.length;
    let stream: string | null = null;
    if (statement.name === 'elasticsearch') {
      const found = elasticsearch(options);
      options.end();
      if (found !== null && findings.refused.length === refusals) {
        ({ stream } = found);
        targets.push(found);
      }
    } else if (statement.name === 'file') {
      stream = fileStream(options);
      options.end();
    } else
      options.refuse({ zh: `不支持输出 ${statement.name}`, en: `the output ${statement.name} is not taken` });
    if (stream === null || findings.refused.length > refusals) return [];
    streams.push(stream);
    options.take({ zh: `事件进入流 ${stream}`, en: `events go to the stream ${stream}` });
    return [{ kind: 'stream', stream }];
  };

  const translate = (statements: readonly LogstashStatement[]): PipelineStep[] => {
    const steps: PipelineStep[] = [];
    /** The conditional that the last step came from, with those put together with it. */
    let chain: LogstashIf | null = null;
    for (const statement of statements) {
      const translated = statement.kind === 'plugin' ? plugin(statement) : branches(statement, translate);
      const [step] = translated;
      if (step === undefined) continue;
      const before = steps.at(-1);
      if (before === undefined) {
        steps.push(step);
        chain = statement.kind === 'if' ? statement : null;
      } else if (
        before.kind === 'if' &&
        step.kind === 'if' &&
        chain !== null &&
        statement.kind === 'if' &&
        exclusive(chain, statement)
      ) {
        steps[steps.length - 1] = { ...step, branches: [...before.branches, ...step.branches] };
        chain = { ...statement, branches: [...chain.branches, ...statement.branches] };
      } else {
        const name = statement.kind === 'if' ? 'if' : statement.name;
        findings.refused.push({ line: statement.line, name, text: ONE_STREAM });
      }
    }
    return steps;
  };
  const steps = translate(body);
  return { steps, outputs: grouped(targets), streams: [...new Set(streams)] };
}

function branches(
  statement: LogstashIf,
  translate: (body: readonly LogstashStatement[]) => PipelineStep[],
): PipelineStep[] {
  const step: PipelineStep = {
    kind: 'if',
    branches: statement.branches.map(({ when, body }) => ({ when, steps: translate(body) })),
    ...(statement.otherwise.length === 0 ? {} : { otherwise: translate(statement.otherwise) }),
  };
  const empty = step.branches.every(({ steps }) => steps.length === 0) && (step.otherwise?.length ?? 0) === 0;
  return empty ? [] : [step];
}

/** `"x" in [tags]` and `"x" not in [tags]`, `[a] == "b"` and `[a] != "b"`, and whatever else differs by a `not`. */
function denies(first: LogstashIf, second: LogstashIf): boolean {
  const [a, b] = [first, second].map(({ branches: [only, ...more], otherwise }) => {
    const parsed = only === undefined ? null : parseCondition(only.when);
    return more.length > 0 || otherwise.length > 0 || parsed?.ok !== true ? null : asserted(parsed.value);
  });
  return a != null && b != null && a.text === b.text && a.holds !== b.holds;
}

/** A condition without its negations, as a text to compare. */
function asserted(condition: Condition): { readonly text: string; readonly holds: boolean } {
  if (condition.kind === 'not') {
    const { text, holds } = asserted(condition.item);
    return { text, holds: !holds };
  }
  if (condition.kind === 'compare' && condition.operator === '!=')
    return { text: JSON.stringify({ ...condition, operator: '==' }), holds: false };
  return { text: JSON.stringify(condition), holds: true };
}

const EQUALITY = /^\[([^\]]+)\]\s*==\s*"([^"]*)"$/;

/** Whether at most one of two conditionals holds: they ask whether one field has different values, or one denies the other. */
function exclusive(first: LogstashIf, second: LogstashIf): boolean {
  if (first.otherwise.length > 0) return false;
  if (denies(first, second)) return true;
  const parts = [...first.branches, ...second.branches].map(({ when }) => EQUALITY.exec(when));
  const field = parts[0]?.[1];
  const values = parts.map((part) => (part?.[1] === field ? part?.[2] : undefined));
  return !values.includes(undefined) && new Set(values).size === values.length;
}

function elasticsearch(options: PluginOptions): { stream: string; target: Target } | null {
  const servers = (options.list('hosts') ?? ['127.0.0.1:9200']).map((host) => serverUrl(host, options));
  const index = options.text('index') ?? 'logstash-%{+yyyy.MM.dd}';
  const named = streamOfIndex(index);
  if (typeof named !== 'string' && 'zh' in named) {
    options.refuse(named, 'index');
    return null;
  }
  const action = options.text('action');
  if (action !== undefined && action !== 'index' && action !== 'create')
    options.refuse({ zh: `不支持 action => ${action}`, en: `action => ${action} is not taken` }, 'action');
  if (options.flag('data_stream') === true || options.text('ilm_enabled') === 'true')
    options.refuse({
      zh: '不支持数据流与 ILM，只写按日期命名的索引',
      en: 'data streams and ILM are not taken, only indices named by date',
    });
  const id = options.text('document_id');
  if (id !== undefined)
    options.refuse(
      {
        zh: '文档 ID 由控制台按文件与位置生成，以保证不丢不重',
        en: 'document ids are made of file and offset, so that nothing is lost or doubled',
      },
      'document_id',
    );
  options.ignore(MACHINERY, NO_MEANING);
  const password = options.text('password');
  const username = options.text('user');
  const apiKey = options.text('api_key');
  const caFile = options.text('ssl_certificate_authorities') ?? options.text('cacert');
  const verify = options.text('ssl_verification_mode');
  const unverified = verify === 'none' || options.flag('ssl_certificate_verification') === false;
  options.flag('ssl_enabled');
  options.flag('ssl');
  const seconds = Number(options.text('timeout') ?? '60');
  const connection: Target['connection'] = {
    servers,
    timeoutMs: Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1000, 600_000) : 60_000,
    ...(username === undefined ? {} : { basicAuth: { username, password: password ?? '' } }),
    ...(apiKey === undefined ? {} : { apiKey: Buffer.from(apiKey).toString('base64') }),
    ...(caFile === undefined && !unverified
      ? {}
      : {
          tls: {
            ...(caFile === undefined ? {} : { caFile }),
            ...(unverified ? { insecureSkipVerify: true } : {}),
          },
        }),
  };
  const target: Target = {
    connection,
    name: new URL(servers[0] ?? 'http://localhost').host,
    index: named.index,
  };
  const checked = logOutputSchema.safeParse({ ...connection, name: target.name, index: target.index });
  if (!checked.success) {
    const [issue] = checked.error.issues;
    const what = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
    options.refuse({ zh: `设置不可用（${what}）`, en: `cannot be used (${what})` });
    return null;
  }
  return { stream: named.stream, target };
}

/** Logstash takes `host`, `host:port` and addresses; its port is 9200 unless said otherwise. */
function serverUrl(host: string, options: PluginOptions): string {
  const secure = options.text('ssl_enabled') === 'true' || options.text('ssl') === 'true';
  const path = options.text('path') ?? '';
  const text = /^https?:\/\//i.test(host) ? host : `${secure ? 'https' : 'http'}://${host}`;
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  const port = /:\d+(?:\/|$)/.test(text.replace(/^https?:\/\//i, '')) ? url.host : `${url.hostname}:9200`;
  return `${url.protocol}//${port}${path === '' ? url.pathname.replace(/\/$/, '') : path}`;
}

/** The stream of an index name such as `hmtt-error-%{+YYYY.MM.dd}`, and the name made of it again. */
function streamOfIndex(index: string): { readonly stream: string; readonly index: string } | Bilingual {
  const match = /^([^%]+?)([-_.]?)(%\{\+([^}]+)\})?$/.exec(index);
  if (match === null)
    return {
      zh: `索引名“${index}”含有字段引用；流的名称是固定的，只能以日期结尾`,
      en: `the index name "${index}" refers to fields; a stream's name is fixed, and only a date may end it`,
    };
  const [, name = '', separator = '', date, pattern = ''] = match;
  const stream = date === undefined ? name + separator : name;
  if (!logStreamNameSchema.safeParse(stream).success)
    return {
      zh: `“${stream}”不能作为流名（须小写）`,
      en: `"${stream}" cannot be the name of a stream (it must be lower-case)`,
    };
  if (date !== undefined && dateWriter(pattern) === null)
    return { zh: `索引名中的日期 ${date} 不支持`, en: `the date ${date} of the index name is not taken` };
  return { stream, index: `%{stream}${date === undefined ? '' : separator + date}` };
}

/** The stream that stands for a file output: the events are kept in the console, and can be exported from it. */
function fileStream(options: PluginOptions): string | null {
  const path = options.text('path');
  options.ignore(
    [
      'codec',
      'flush_interval',
      'gzip',
      'create_if_deleted',
      'dir_mode',
      'file_mode',
      'stale_cleanup_interval',
      'write_behavior',
      'filename_failure',
    ],
    NO_MEANING,
  );
  if (path === undefined) {
    options.refuse({ zh: '缺少 path', en: 'path is missing' });
    return null;
  }
  const base = path.slice(path.lastIndexOf('/') + 1);
  const stream = base
    .replace(/%\{\+[^}]*\}/g, '')
    .replace(/\.(log|txt|json|gz)$/gi, '')
    .replace(/[-_.]+$/, '')
    .toLowerCase();
  if (base.replace(/%\{\+[^}]*\}/g, '').includes('%{') || !logStreamNameSchema.safeParse(stream).success) {
    options.refuse(
      { zh: `文件名“${base}”不能变成流名`, en: `the file name "${base}" cannot become the name of a stream` },
      'path',
    );
    return null;
  }
  options.note({
    zh: `不写文件：事件保存在流 ${stream} 中，可随时导出（hmtt logs export）`,
    en: `no file is written: the events are kept as the stream ${stream}, and can be exported (hmtt logs export)`,
  });
  return stream;
}

/** One output for each server and way of naming, with all the streams that go there. */
function grouped(
  targets: readonly { readonly stream: string; readonly target: Target }[],
): readonly LogOutputInput[] {
  const groups = new Map<string, { readonly target: Target; readonly streams: string[] }>();
  for (const { stream, target } of targets) {
    const key = JSON.stringify([target.connection, target.index]);
    const group = groups.get(key) ?? { target, streams: [] };
    if (!group.streams.includes(stream)) group.streams.push(stream);
    groups.set(key, group);
  }
  const names = new Set<string>();
  return [...groups.values()].map(({ target, streams }) => {
    let { name } = target;
    for (let n = 2; names.has(name); n += 1) name = `${target.name} (${n})`;
    names.add(name);
    return { ...target.connection, name, streams, index: target.index };
  });
}
