import { defineErrors } from '../define.ts';

/** Expected failures of pipelines, masking, the import of Logstash files, outputs and the search of other servers. */
export const logsPipelinesErrors = defineErrors({
  LOG_PATTERN_INVALID: {
    message: {
      zh: '正则表达式“{pattern}”不可用：{why}',
      en: 'The expression "{pattern}" cannot be used: {why}',
    },
    hint: {
      zh: '请使用 RE2 语法：没有环视与反向引用，因此任何日志行都不会使它变慢。',
      en: 'Use the syntax of RE2: it has no look-around and no back-references, so that no line can make it slow.',
    },
  },
  LOG_CONDITION_INVALID: {
    message: { zh: '条件第 {column} 列：{why}', en: 'Condition, column {column}: {why}' },
    hint: {
      zh: '例如：[level] == "error"、"slow" in [tags]、[status] >= 500 and [path] =~ /api/。',
      en: 'For example: [level] == "error", "slow" in [tags], [status] >= 500 and [path] =~ /api/.',
    },
  },
  LOG_PIPELINE_INVALID: {
    message: {
      zh: '流水线“{name}”第 {step} 步（{filter}）：{why}',
      en: 'Pipeline "{name}", step {step} ({filter}): {why}',
    },
    hint: {
      zh: '改正后重新保存；在此之前，原来的流水线继续有效。',
      en: 'Correct it and save again; until then the pipeline that was in force stays so.',
    },
  },
  LOG_PIPELINE_NAME_TAKEN: {
    message: { zh: '已有名为“{name}”的流水线。', en: 'There is a pipeline named "{name}" already.' },
    hint: { zh: '请换一个名称，或修改已有的流水线。', en: 'Take another name, or change the existing one.' },
  },
  LOG_PIPELINE_ORDER: {
    message: {
      zh: '顺序中没有恰好列出每一条流水线。',
      en: 'The order does not name every pipeline exactly once.',
    },
    hint: { zh: '请重新读取列表后再排序。', en: 'Read the list again, then order it.' },
  },
  LOG_MASK_BUILT_IN: {
    message: {
      zh: '内置脱敏规则“{name}”不能删除，也不能改变类型。',
      en: 'The built-in masking rule "{name}" cannot be removed or made another kind.',
    },
    hint: { zh: '可以关闭它，或修改替换文字。', en: 'Switch it off, or change its replacement.' },
  },
  LOGSTASH_REFUSED: {
    message: {
      zh: '{file} 第 {line} 行：{why}（共拒绝 {count} 处，整个文件未导入）',
      en: '{file}, line {line}: {why} ({count} refused in all; nothing of the file was imported)',
    },
    hint: {
      zh: '导入预览会列出每一处；docs/log-pipelines.md 列出了支持的插件与选项。',
      en: 'The preview lists every one of them; docs/log-pipelines.md lists the plugins and options that are taken.',
    },
  },
  LOG_OUTPUT_NAME_TAKEN: {
    message: { zh: '已有名为“{name}”的日志输出。', en: 'There is a log output named "{name}" already.' },
    hint: { zh: '请换一个名称。', en: 'Take another name.' },
  },
  LOG_OUTPUT_INDEX: {
    message: {
      zh: '索引名“{index}”不可用：{why}',
      en: 'The index name "{index}" cannot be used: {why}',
    },
    hint: {
      zh: '索引名须为小写，不含空格与 \\ / * ? " < > | , #，不以 - _ + 开头；可用 %{stream} 与 %{+YYYY.MM.dd}。',
      en: 'Index names are lower-case, without spaces and \\ / * ? " < > | , #, and do not begin with - _ +; %{stream} and %{+YYYY.MM.dd} can be used.',
    },
  },
  LOG_OUTPUT_UNREACHABLE: {
    message: {
      zh: '日志输出“{name}”：无法访问 {url}：{why}',
      en: 'Log output "{name}": {url} cannot be reached: {why}',
    },
    hint: {
      zh: '请检查服务器是否运行、地址与登录信息是否正确。日志保存在本机，恢复后自动从中断处继续发送，不丢不重。',
      en: 'Check that the server runs, and its address and login. The events are stored here; sending goes on where it stopped, nothing is lost or doubled.',
    },
  },
  LOG_OUTPUT_BUSY: {
    message: {
      zh: '日志输出“{name}”：{url} 暂时不接收（HTTP {status}）：{why}',
      en: 'Log output "{name}": {url} does not take events at present (HTTP {status}): {why}',
    },
    hint: {
      zh: '会自动放慢并重试。若长期如此，请检查该服务器的负载与磁盘（磁盘使用超过 95% 时索引会变为只读）。',
      en: 'It is tried again, more slowly. If this lasts, look at the load and the disk of that server (indices become read-only above 95 %).',
    },
  },
  LOG_OUTPUT_REFUSED: {
    message: {
      zh: '日志输出“{name}”：{url} 拒绝了请求（HTTP {status}）：{why}',
      en: 'Log output "{name}": {url} refused the request (HTTP {status}): {why}',
    },
    hint: {
      zh: '常见原因：登录无效、没有写入索引的权限、地址不是 Elasticsearch 或 OpenSearch。没有事件被略过；改正后自动继续。',
      en: 'Usual reasons: a wrong login, no right to write to the index, an address that is neither Elasticsearch nor OpenSearch. No event was left out; it goes on once this is right.',
    },
  },
  LOG_OUTPUT_EVENTS_REFUSED: {
    message: {
      zh: '日志输出“{name}”：有 {count} 条事件被服务器永久拒绝；最近一条：{why}',
      en: 'Log output "{name}": the server refused {count} events for good; the latest: {why}',
    },
    hint: {
      zh: '通常是字段类型与索引映射冲突。被拒绝的事件已列出，仍可在本机查询。',
      en: "Usually a field's type does not fit the mapping of the index. The refused events are listed, and can be searched here.",
    },
  },
  LOG_OUTPUT_GAVE_UP: {
    message: {
      zh: '日志输出“{name}”：{count} 条事件在发送前已被保留策略删除。',
      en: 'Log output "{name}": retention removed {count} events before they could be sent.',
    },
    hint: {
      zh: '请恢复服务器，或延长日志保留时间。',
      en: 'Bring the server back, or keep logs longer.',
    },
  },
  LOG_OUTPUT_STUCK: {
    message: {
      zh: '日志输出“{name}”无法读取要发送的日志：{why}',
      en: 'Log output "{name}" cannot read the events that it is to send: {why}',
    },
    hint: {
      zh: '稍后会自动再试。请检查磁盘健康与数据目录的权限。',
      en: 'It is tried again by itself. Check the health of the disk and the permissions of the data folder.',
    },
  },
  LOG_SERVER_FAILED: {
    message: { zh: '无法从 {url} 查询日志：{why}', en: 'Logs cannot be searched at {url}: {why}' },
    hint: {
      zh: '请在“日志 → 远程”中检查服务器，或改回查询本机日志。告警始终使用本机日志，不受影响。',
      en: 'Check the server under Logs → Remote, or search the local logs again. Alerts always use the local logs and are not affected.',
    },
  },
  LOG_SERVER_QUERY: {
    message: {
      zh: '查询中的 {term} 无法翻译给 {url}：{why}',
      en: '{term} of the query cannot be translated for {url}: {why}',
    },
    hint: {
      zh: '请改写该查询词，或改为查询本机日志。',
      en: 'Write that term another way, or search the local logs.',
    },
  },
});
