import {
  type PipelineFilter,
  type PipelineStep,
  pipelineFilterSchema,
} from '#shared/contract/logs-pipelines.ts';
import { Fault } from '../fault.ts';
import { compileFilter } from '../filters.ts';
import { type Findings, PluginOptions } from './options.ts';
import type { LogstashPlugin, LogstashStatement } from './parse.ts';

const CONVERSIONS: Readonly<Record<string, string>> = {
  integer: 'integer',
  integer_eu: 'integer',
  float: 'float',
  float_eu: 'float',
  string: 'string',
  boolean: 'boolean',
  int: 'integer',
};
const NO_MEANING = { zh: '在控制台中没有对应含义，已忽略', en: 'has no meaning in the console, ignored' };

/** Translates the body of a filter section; what cannot be taken is put into the findings. */
export function translateFilters(body: readonly LogstashStatement[], findings: Findings): PipelineStep[] {
  return body.flatMap((statement): PipelineStep[] => {
    if (statement.kind === 'plugin') return translateFilter(statement, findings);
    return [
      {
        kind: 'if',
        branches: statement.branches.map(({ when, body: steps }) => ({
          when,
          steps: translateFilters(steps, findings),
        })),
        ...(statement.otherwise.length === 0
          ? {}
          : { otherwise: translateFilters(statement.otherwise, findings) }),
      },
    ];
  });
}

function translateFilter(plugin: LogstashPlugin, findings: Findings): PipelineStep[] {
  const options = new PluginOptions(plugin, findings);
  const before = findings.refused.length;
  const translate = Object.hasOwn(FILTERS, plugin.name) ? FILTERS[plugin.name] : undefined;
  if (translate === undefined) {
    options.refuse({ zh: `不支持过滤器 ${plugin.name}`, en: `the filter ${plugin.name} is not taken` });
    return [];
  }
  const drafts = translate(options);
  options.end();
  if (findings.refused.length > before) return [];
  const steps: PipelineFilter[] = [];
  for (const draft of drafts) {
    const checked = pipelineFilterSchema.safeParse(withoutUndefined(draft));
    if (!checked.success) {
      const [issue] = checked.error.issues;
      const what = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
      options.refuse({ zh: `设置不可用（${what}）`, en: `cannot be used (${what})` });
      continue;
    }
    try {
      compileFilter(checked.data);
      steps.push(checked.data);
    } catch (thrown) {
      if (!(thrown instanceof Fault)) throw thrown;
      options.refuse(thrown.why);
    }
  }
  return steps;
}

type Draft = Readonly<Record<string, unknown>>;

function withoutUndefined(draft: Draft): Draft {
  return Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== undefined));
}

function common(options: PluginOptions): Draft {
  return {
    addField: options.hash('add_field'),
    removeField: kept(options),
    addTag: options.list('add_tag'),
    removeTag: options.list('remove_tag'),
  };
}

/** The fields to take away; the line itself is always kept, so that nothing is lost. */
function kept(options: PluginOptions): string[] | undefined {
  const fields = options.list('remove_field');
  if (fields?.includes('message') === true)
    options.note(
      {
        zh: '原始行总是保留，message 不会删除',
        en: 'the line itself is always kept, so message is not removed',
      },
      'remove_field',
    );
  const rest = fields?.filter((field) => field !== 'message' && field !== '[message]');
  return rest === undefined || rest.length === 0 ? undefined : rest;
}

const FILTERS: Readonly<Record<string, (options: PluginOptions) => readonly Draft[]>> = {
  drop: (options) => {
    const share = options.text('percentage');
    if (share !== undefined && share !== '100')
      options.refuse(
        { zh: '只能丢弃全部，不能按比例随机丢弃', en: 'only all are dropped, not a share of them at random' },
        'percentage',
      );
    return [{ kind: 'drop', ...common(options) }];
  },
  mutate: (options) => {
    const convert = options.hash('convert');
    const gsub = options.list('gsub');
    const unknown = Object.values(convert ?? {}).find((type) => !Object.hasOwn(CONVERSIONS, type));
    if (unknown !== undefined)
      options.refuse(
        { zh: `不支持转换为 ${unknown}`, en: `conversion to ${unknown} is not taken` },
        'convert',
      );
    if (gsub !== undefined && gsub.length % 3 !== 0)
      options.refuse(
        { zh: 'gsub 应为 字段、表达式、替换 三项一组', en: 'gsub needs field, expression, replacement' },
        'gsub',
      );
    const { addField, removeField, addTag, removeTag } = common(options);
    return [
      {
        kind: 'mutate',
        rename: options.hash('rename'),
        update: options.hash('update'),
        replace: options.hash('replace'),
        convert:
          convert === undefined
            ? undefined
            : Object.fromEntries(Object.entries(convert).map(([field, type]) => [field, CONVERSIONS[type]])),
        gsub:
          gsub === undefined
            ? undefined
            : Array.from({ length: Math.floor(gsub.length / 3) }, (_, index) => ({
                field: gsub[index * 3],
                pattern: gsub[index * 3 + 1],
                with: gsub[index * 3 + 2],
              })),
        uppercase: options.list('uppercase'),
        capitalize: options.list('capitalize'),
        lowercase: options.list('lowercase'),
        strip: options.list('strip'),
        split: options.hash('split'),
        join: options.hash('join'),
        merge: options.hash('merge'),
        copy: options.hash('copy'),
        ...{ addField, removeField, addTag, removeTag },
      },
    ];
  },
  grok: (options) => {
    const match = options.lists('match');
    if (match === undefined) options.refuse({ zh: '缺少 match', en: 'match is missing' });
    if (options.flag('named_captures_only') === false)
      options.refuse({ zh: '只支持命名捕获', en: 'only named captures are taken' }, 'named_captures_only');
    const naming = options.text('ecs_compatibility');
    if (naming !== undefined && naming !== 'disabled')
      options.note(
        {
          zh: '内置模式给出的是 ECS 之前的字段名（如 clientip、response）',
          en: 'the built-in patterns give the names of fields from before ECS (clientip, response and so on)',
        },
        'ecs_compatibility',
      );
    options.ignore(['timeout_millis', 'timeout_scope', 'tag_on_timeout'], {
      zh: '表达式总是线性时间，不需要超时，已忽略',
      en: 'expressions take linear time, so there is no timeout; ignored',
    });
    return [
      {
        kind: 'grok',
        match: (match ?? []).map(([field, patterns]) => ({ field, patterns: [...patterns] })),
        overwrite: options.list('overwrite'),
        definitions: options.hash('pattern_definitions'),
        breakOnMatch: options.flag('break_on_match'),
        keepEmpty: options.flag('keep_empty_captures'),
        tagOnFailure: options.list('tag_on_failure'),
        ...common(options),
      },
    ];
  },
  date: (options) => {
    const [field, ...formats] = options.list('match') ?? [];
    if (field === undefined || formats.length === 0)
      options.refuse({ zh: 'match 应为字段和格式', en: 'match needs a field and formats' }, 'match');
    const locale = options.text('locale');
    if (locale !== undefined && !/^en/i.test(locale))
      options.refuse({ zh: '月份名只支持英文', en: 'names of months are read in English only' }, 'locale');
    return [
      {
        kind: 'date',
        field,
        formats,
        zone: options.text('timezone'),
        target: options.text('target'),
        tagOnFailure: options.list('tag_on_failure'),
        ...common(options),
      },
    ];
  },
  json: (options) => [
    {
      kind: 'json',
      source: options.text('source'),
      target: options.text('target'),
      skipOnInvalid: options.flag('skip_on_invalid_json'),
      tagOnFailure: options.list('tag_on_failure'),
      ...common(options),
    },
  ],
  kv: (options) => {
    if (options.flag('include_brackets') === false || options.text('whitespace') === 'strict')
      options.refuse({
        zh: '不支持 include_brackets => false 与 whitespace => strict',
        en: 'include_brackets => false and whitespace => strict are not taken',
      });
    options.ignore(['timeout_millis', 'tag_on_timeout', 'allow_duplicate_values'], NO_MEANING);
    return [
      {
        kind: 'kv',
        source: options.text('source'),
        target: options.text('target'),
        prefix: options.text('prefix'),
        fieldSplit: options.text('field_split'),
        valueSplit: options.text('value_split'),
        includeKeys: options.list('include_keys'),
        excludeKeys: options.list('exclude_keys'),
        defaultKeys: options.hash('default_keys'),
        trimKey: options.text('trim_key'),
        trimValue: options.text('trim_value'),
        ...common(options),
      },
    ];
  },
  dissect: (options) => {
    const convert = options.hash('convert_datatype');
    const unknown = Object.values(convert ?? {}).find((type) => !Object.hasOwn(CONVERSIONS, type));
    if (unknown !== undefined)
      options.refuse(
        { zh: `不支持转换为 ${unknown}`, en: `conversion to ${unknown} is not taken` },
        'convert_datatype',
      );
    const converted = Object.fromEntries(
      Object.entries(convert ?? {}).map(([field, type]) => [field, CONVERSIONS[type]]),
    );
    return [
      {
        kind: 'dissect',
        mapping: options.hash('mapping') ?? {},
        tagOnFailure: options.list('tag_on_failure'),
        ...common(options),
      },
      ...(convert === undefined ? [] : [{ kind: 'mutate', convert: converted }]),
    ];
  },
};
