import { defineErrors } from '../define.ts';

const SIMPLER_QUERY = {
  zh: '请缩短时间范围、加大步长，或用标签把序列筛得更少。采集不受影响。',
  en: 'Shorten the time range, widen the step, or select fewer series by labels. Scraping is not affected.',
};

/** Expected failures of the area `metrics`. */
export const metricsErrors = defineErrors({
  METRICS_PARTITION_DAMAGED: {
    message: {
      zh: '指标分区文件 {file} 已损坏：{why}。该文件已改名搁置，其余数据照常可用。',
      en: 'The metrics partition {file} is damaged: {why}. It was set aside under another name; all other data works.',
    },
    hint: {
      zh: '可从备份中恢复该文件；搁置的文件名以 .damaged 结尾，没有被删除。',
      en: 'Restore the file from a backup if you have one; the file set aside ends in .damaged and was not deleted.',
    },
  },
  METRICS_CLASS_MATCHER_INVALID: {
    message: {
      zh: '保留类别 {name} 的正则表达式“{value}”无效：{why}。设置未更改。',
      en: 'The regular expression "{value}" of the retention class {name} is not valid: {why}. The settings are as before.',
    },
    hint: {
      zh: '请使用 RE2 语法；表达式匹配整个标签值。',
      en: "Use RE2's syntax; the expression matches the whole value of the label.",
    },
  },
  METRICS_MERGE_MISMATCH: {
    message: {
      zh: '合并指标分区 {file} 时结果与原文件不符：{why}。原文件保持不变，照常可用。',
      en: 'Merging the metrics partition {file} gave something else than its sources: {why}. They stay and work as before.',
    },
    hint: {
      zh: '数据没有丢失，但请检查内存与磁盘健康。',
      en: 'Nothing is lost, but check the health of the memory and of the disk.',
    },
  },
  METRICS_ROLLUP_DAMAGED: {
    message: {
      zh: '指标汇总文件 {file} 已损坏：{why}。该文件已改名搁置。',
      en: 'The metrics roll-up {file} is damaged: {why}. It was set aside under another name.',
    },
    hint: {
      zh: '原始样本仍在时会自动重建；否则可从备份中恢复该文件。搁置的文件名以 .damaged 结尾。',
      en: 'It is built again by itself while the samples are there; else restore it from a backup. The file set aside ends in .damaged.',
    },
  },
  METRICS_CHUNK_DAMAGED: {
    message: {
      zh: '指标分区文件 {file} 中有样本块的校验和不符，这些样本已略去，其余照常可用。',
      en: 'Some samples in the metrics partition {file} fail their checksum and are left out; all others work.',
    },
    hint: {
      zh: '请检查磁盘健康；如有备份，可恢复该文件。',
      en: 'Check the health of the disk; restore the file from a backup if you have one.',
    },
  },
  METRICS_HEAD_DAMAGED: {
    message: {
      zh: '最新指标文件 {file} 已损坏：{why}。该文件已改名搁置，从现在起重新记录。',
      en: 'The file of the newest metrics {file} is damaged: {why}. It was set aside; recording begins anew.',
    },
    hint: {
      zh: '已封存的分区不受影响。请检查磁盘健康；搁置的文件名以 .damaged 结尾。',
      en: 'Sealed partitions are not affected. Check the health of the disk; the file set aside ends in .damaged.',
    },
  },
  EXPOSITION_INVALID: {
    message: {
      zh: '采集目标返回的内容第 {line} 行无法解析：{why}。整次采集已丢弃。',
      en: 'Line {line} of what the target answered cannot be read: {why}. The whole scrape was discarded.',
    },
    hint: {
      zh: '请在浏览器中打开该目标的地址，检查这一行；目标应返回 Prometheus 文本格式或 OpenMetrics。',
      en: "Open the target's address and look at that line; it must answer in Prometheus text format or OpenMetrics.",
    },
  },
  OPENMETRICS_INVALID: {
    message: {
      zh: '文件 {file} 第 {line} 行无法导入：{why}。整个文件均未导入。',
      en: 'Line {line} of {file} cannot be imported: {why}. Nothing of the file was imported.',
    },
    hint: {
      zh: '请改正这一行后重新导入。文件须为带时间戳的 OpenMetrics 文本，以“# EOF”结尾。',
      en: 'Correct the line and import again. The file must be OpenMetrics text with time stamps, ending in "# EOF".',
    },
  },
  OPENMETRICS_IMPORT_RUNNING: {
    message: { zh: '另一个样本导入正在进行。', en: 'Another import of samples is running.' },
    hint: { zh: '请等待它结束，或先取消它。', en: 'Wait until it ends, or cancel it first.' },
  },
  OPENMETRICS_FILE_EXISTS: {
    message: {
      zh: '文件 {file} 已存在，未覆盖。',
      en: 'The file {file} exists already and was not overwritten.',
    },
    hint: {
      zh: '请换一个文件名，或先移走该文件。',
      en: 'Choose another name, or move that file away first.',
    },
  },
  SAMPLE_LIMIT_EXCEEDED: {
    message: {
      zh: '采集目标返回了 {found} 个样本，超过上限 {limit}。整次采集已丢弃。',
      en: 'The target answered with {found} samples, more than the limit of {limit}. The whole scrape was discarded.',
    },
    hint: {
      zh: '请提高该任务的 sample_limit，或让目标少暴露一些序列。',
      en: 'Raise sample_limit of the job, or let the target expose fewer series.',
    },
  },
  PROMQL_INVALID: {
    message: {
      zh: '表达式有误，第 {column} 列：{why}',
      en: 'The expression is not valid, column {column}: {why}',
    },
    hint: {
      zh: '请改正该列处的内容；语法与 Prometheus 2.42 的 PromQL 相同。',
      en: 'Correct the expression at that column; the language is the PromQL of Prometheus 2.42.',
    },
  },
  PROMQL_EXECUTION: {
    message: { zh: '表达式无法求值：{why}', en: 'The expression cannot be evaluated: {why}' },
    hint: {
      zh: '请检查运算两侧的标签是否一一对应，必要时使用 on()、ignoring() 或 group_left()。',
      en: 'Check that the labels on both sides correspond; use on(), ignoring() or group_left() where needed.',
    },
  },
  PROMQL_TOO_MANY_SAMPLES: {
    message: {
      zh: '查询需要在内存中保留超过 {limit} 个样本，已停止。',
      en: 'The query would hold more than {limit} samples in memory and was stopped.',
    },
    hint: SIMPLER_QUERY,
  },
  PROMQL_TIMEOUT: {
    message: {
      zh: '查询超过 {seconds} 秒仍未完成，已停止。',
      en: 'The query was not finished after {seconds} s and was stopped.',
    },
    hint: SIMPLER_QUERY,
  },
  PROMQL_CANCELLED: {
    message: { zh: '查询已取消。', en: 'The query was cancelled.' },
    hint: { zh: '需要时请重新执行。', en: 'Run it again if you need it.' },
  },
  PROMQL_RANGE_INVALID: {
    message: { zh: '查询的时间范围无效：{why}', en: 'The time range of the query is not valid: {why}' },
    hint: {
      zh: '结束时间不能早于开始时间，且每条序列最多 11,000 个点。',
      en: 'The end must not be before the start, and a series may have 11,000 points at most.',
    },
  },
});
