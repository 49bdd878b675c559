import { defineErrors } from '../define.ts';

const NOTHING_CHANGED = {
  zh: '请更正后重试；没有做任何更改。',
  en: 'Correct it and try again; nothing was changed.',
};

/** Expected failures of the area `hosts`. */
export const hostsErrors = defineErrors({
  HOST_NAME_TAKEN: {
    message: { zh: '已有名为“{name}”的主机。', en: 'There already is a host named "{name}".' },
    hint: {
      zh: '请换一个名称，或者先删除原有主机；没有做任何更改。',
      en: 'Choose another name, or remove the existing host first; nothing was changed.',
    },
  },
  HOST_IS_WORKSTATION: {
    message: { zh: '本机不能删除或改名。', en: 'This workstation cannot be removed or renamed.' },
    hint: {
      zh: '控制台总是监控它所在的机器。',
      en: 'The console always watches the machine it runs on.',
    },
  },
  HOST_BEHIND_DEAD: {
    message: {
      zh: '位于 {cause} 之后，{cause} 已故障。',
      en: 'it is behind {cause}, which is dead.',
    },
    hint: {
      zh: '先恢复 {cause}；在那之前无法知道它之后的主机状态。',
      en: 'Bring back {cause} first; until then nothing can be known of what is behind it.',
    },
  },
  HOST_BEHIND_ALL_DEAD: {
    message: {
      zh: '位于 {zh} 之后，它们都已故障。',
      en: 'it is behind {en}, all of which are dead.',
    },
    hint: {
      zh: '先恢复其中之一；在那之前无法知道它之后的主机状态。',
      en: 'Bring back one of them first; until then nothing can be known of what is behind them.',
    },
  },
  TARGET_TAKEN: {
    message: {
      zh: '已有采集目标使用标签 job="{job}"、instance="{instance}"。',
      en: 'Another target already has the labels job="{job}", instance="{instance}".',
    },
    hint: {
      zh: '两个目标的标签相同，样本就会混在一起：请换一个 job 或增加一个标签；没有做任何更改。',
      en: 'The samples of two targets with the same labels would mix: choose another job or add a label; nothing was changed.',
    },
  },
  SCRAPE_TIMEOUT_OVER_INTERVAL: {
    message: {
      zh: '任务“{job}”的超时（{timeout}）比采集间隔（{interval}）长。',
      en: 'Job "{job}": the timeout ({timeout}) is longer than the scrape interval ({interval}).',
    },
    hint: NOTHING_CHANGED,
  },
  LABEL_RESERVED: {
    message: {
      zh: '标签“{label}”是保留名称。',
      en: 'The label "{label}" is a reserved name.',
    },
    hint: {
      zh: '以两个下划线开头的标签供内部使用；没有做任何更改。',
      en: 'Labels that begin with two underscores are for internal use; nothing was changed.',
    },
  },
  RELABEL_RULE_INVALID: {
    message: {
      zh: '任务“{job}”的第 {number} 条重新标记规则有误：{why}。',
      en: 'Job "{job}", relabelling rule {number}: {why}.',
    },
    hint: NOTHING_CHANGED,
  },
  RELABEL_TEXT_REFUSED: {
    message: { zh: '规则有误：{zh}', en: 'The rules are wrong: {en}' },
    hint: NOTHING_CHANGED,
  },
  TARGET_LIMIT_EXCEEDED: {
    message: {
      zh: '任务“{job}”有 {found} 个采集目标，超过上限 {limit}：与 Prometheus 相同，该任务的目标全部不采集。',
      en: 'Job "{job}" has {found} targets, more than its target_limit of {limit}: as in Prometheus, none of them is scraped.',
    },
    hint: {
      zh: '请提高该任务的 target_limit，或者减少目标，然后重新导入。',
      en: 'Raise target_limit of the job or list fewer targets, then import again.',
    },
  },
  DISCOVERY_FILE_INVALID: {
    message: { zh: '{file} 第 {line} 行：{zh}。', en: '{file}, line {line}: {en}.' },
    hint: {
      zh: '更正并保存即可，控制台会自动重新读取；在此之前沿用上一个正确版本的目标。',
      en: 'Correct it and save; the console reads it again by itself. Until then the targets of the last sound version stay.',
    },
  },
  DISCOVERY_FILE_REFUSED: {
    message: { zh: '目标文件无法使用：{zh}', en: 'The target file cannot be used: {en}' },
    hint: {
      zh: '更正并保存即可，控制台会自动重新读取；在此之前沿用上一个正确版本的目标。',
      en: 'Correct it and save; the console reads it again by itself. Until then the targets of the last sound version stay.',
    },
  },
  DISCOVERY_TARGET_REFUSED: {
    message: {
      zh: '{file} 第 {line} 行，目标“{address}”：{zh}。',
      en: '{file}, line {line}, target "{address}": {en}.',
    },
    hint: {
      zh: '该目标没有采集，同一文件的其他目标不受影响；更正文件后会自动重新读取。',
      en: 'This target is not scraped; the others of the file are. Correct the file; it is read again by itself.',
    },
  },
  SCRAPE_JOB_UNREADABLE: {
    message: {
      zh: '保存的采集任务“{name}”无法读取（{field}）：它的目标保持原样，目标文件的变化不再跟随。',
      en: 'The stored scrape job "{name}" cannot be read ({field}): its targets stay as they are, and its target files are not followed.',
    },
    hint: {
      zh: '请重新导入包含该任务的 prometheus.yml；不再需要时，在“主机 › 采集任务”中移除。',
      en: 'Import the prometheus.yml with that job again; when it is not wanted any more, remove it in Hosts › Scrape jobs.',
    },
  },
  DISCOVERY_NO_FILE: {
    message: { zh: '没有文件符合“{pattern}”。', en: 'No file matches "{pattern}".' },
    hint: {
      zh: '请检查路径和权限；文件出现后会自动读取。',
      en: 'Check the path and its permissions; a file is read as soon as it is there.',
    },
  },
  DISCOVERY_SILENT: {
    message: {
      zh: '目标文件所在的目录 {folder} 没有响应。',
      en: 'The folder of target files {folder} does not answer.',
    },
    hint: {
      zh: '沿用此前的目标；请检查网络驱动器及其挂载，恢复后会自动重新读取。',
      en: 'The targets of before stay. Check the network drive and its mount; it is read again by itself once it answers.',
    },
  },
  DISCOVERY_NOT_ASKED: {
    message: {
      zh: '以下目录没有响应：{silent}；目录 {folder} 因此暂未读取。',
      en: 'The folder {folder} was not read, because others do not answer: {silent}.',
    },
    hint: {
      zh: '此目录本身没有发现问题，沿用此前的目标；请检查没有响应的网络驱动器及其挂载，恢复后会自动重新读取。',
      en: 'Nothing is known to be wrong with this folder, and its targets of before stay. Check the network drives that do not answer and their mounts; it is read again by itself once one of them does.',
    },
  },
  DISCOVERY_TOO_MANY: {
    message: {
      zh: '“{pattern}”符合的文件或目标太多（上限 {limit}）。',
      en: '"{pattern}" finds too many files or targets (at most {limit}).',
    },
    hint: {
      zh: '超出的部分没有采集；请缩小范围。',
      en: 'What is beyond that is not scraped; narrow it down.',
    },
  },
  HOST_FROM_FILE: {
    message: {
      zh: '“{name}”来自文件 {file}，地址和采集目标不能在这里修改或删除。',
      en: '"{name}" comes from the file {file}; its address and targets cannot be changed or removed here.',
    },
    hint: {
      zh: '请修改该文件，控制台会自动重新读取；没有做任何更改。',
      en: 'Change the file; the console reads it by itself. Nothing was changed.',
    },
  },
  PROMETHEUS_FILE_SYNTAX: {
    message: {
      zh: '{file} 第 {line} 行：不是正确的 YAML：{whyZh}。',
      en: '{file}, line {line}: not valid YAML: {whyEn}.',
    },
    hint: {
      zh: '请更正该行（注意缩进只能用空格）；没有导入任何内容。',
      en: 'Correct that line (indent with spaces only); nothing was imported.',
    },
  },
  PROMETHEUS_FILE_INDENTATION: {
    message: {
      zh: '{file} 第 {line} 行：“{field}”位于最外层，它的缩进似乎丢失了。',
      en: '{file}, line {line}: "{field}" stands at the outermost level; its indentation seems to be lost.',
    },
    hint: {
      zh: '请把该行及其同组各行向右缩进到所属字段（例如 global 或 scrape_configs）之下；没有导入任何内容。',
      en: 'Indent it and the lines of its group below the field they belong to (such as global or scrape_configs); nothing was imported.',
    },
  },
  PROMETHEUS_FILE_FIELD: {
    message: {
      zh: '{file} 第 {line} 行，字段“{field}”：{whyZh}。',
      en: '{file}, line {line}, field "{field}": {whyEn}.',
    },
    hint: {
      zh: '请更正该行；没有导入任何内容。',
      en: 'Correct that line; nothing was imported.',
    },
  },
  PROMETHEUS_FILE_UNSUPPORTED: {
    message: {
      zh: '{file} 第 {line} 行：控制台还不支持“{field}”。',
      en: '{file}, line {line}: the console does not support "{field}" yet.',
    },
    hint: {
      zh: '{todoZh}；没有导入任何内容。',
      en: '{todoEn}; nothing was imported.',
    },
  },
});
