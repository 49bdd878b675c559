import { defineErrors } from '../define.ts';

/** Expected failures of the area `logs`. */
export const logsErrors = defineErrors({
  LOG_QUERY_PARENTHESIS: {
    message: {
      zh: '查询第 {column} 列：括号不成对。',
      en: 'Query, column {column}: the parentheses do not pair up.',
    },
    hint: {
      zh: '请补上或删去一个括号；要查找括号本身，请用引号括起。',
      en: 'Add or remove a parenthesis; to find one as text, put it in quotes.',
    },
  },
  LOG_QUERY_QUOTE: {
    message: {
      zh: '查询第 {column} 列：引号没有结束。',
      en: 'Query, column {column}: the quote is not closed.',
    },
    hint: { zh: '请在短语末尾补上 "。', en: 'Add a " at the end of the phrase.' },
  },
  LOG_QUERY_TERM: {
    message: {
      zh: '查询第 {column} 列：此处应有查询词。',
      en: 'Query, column {column}: a search term is missing here.',
    },
    hint: {
      zh: 'AND、OR、NOT 的后面（AND、OR 的前面）需要一个词；要查找这些单词本身，请用引号括起。',
      en: 'AND, OR and NOT need a term after them, AND and OR also before; quote them to find the words themselves.',
    },
  },
  LOG_QUERY_LEVEL: {
    message: {
      zh: '查询第 {column} 列：没有名为“{value}”的级别。',
      en: 'Query, column {column}: there is no level "{value}".',
    },
    hint: {
      zh: '级别有：trace、debug、info、warn、error、fatal、unknown。',
      en: 'Levels are trace, debug, info, warn, error, fatal and unknown.',
    },
  },
  LOG_QUERY_VALUE: {
    message: {
      zh: '查询第 {column} 列：字段“{field}”缺少可用的值。',
      en: 'Query, column {column}: the field "{field}" has no usable value.',
    },
    hint: {
      zh: '请写成 字段:值；大小比较（>、>=、<、<=）需要数字。',
      en: 'Write field:value; comparisons (>, >=, <, <=) need a number.',
    },
  },
  LOG_QUERY_REGEX_END: {
    message: {
      zh: '查询第 {column} 列：正则表达式没有以 / 结束。',
      en: 'Query, column {column}: the regular expression does not end with a /.',
    },
    hint: {
      zh: '请在末尾补上 /；表达式里的 / 要写成 \\/；要查找以 / 开头的文字，请用引号括起。',
      en: 'End it with a /, and write a / inside as \\/; quote text that begins with a /.',
    },
  },
  LOG_QUERY_REGEX_FLAG: {
    message: {
      zh: '查询第 {column} 列：正则表达式后面只能跟 i（不分大小写）。',
      en: 'Query, column {column}: only i (any case) may follow a regular expression.',
    },
    hint: { zh: '请写成 /表达式/ 或 /表达式/i。', en: 'Write /expression/ or /expression/i.' },
  },
  LOG_QUERY_REGEX: {
    message: {
      zh: '查询中的正则表达式 /{regex}/ 无法使用：{why}。',
      en: 'The regular expression /{regex}/ of the query cannot be used: {why}.',
    },
    hint: {
      zh: '语法与 RE2 相同：没有反向引用，也没有环视。',
      en: 'The syntax is that of RE2: without back-references and look-around.',
    },
  },
  LOG_QUERY_TOO_DEEP: {
    message: {
      zh: '查询第 {column} 列：嵌套过深或词太多。',
      en: 'Query, column {column}: too deeply nested, or too many terms.',
    },
    hint: { zh: '请拆成几个较短的查询。', en: 'Split it into shorter queries.' },
  },
  LOG_NAME_USED: {
    message: {
      zh: '“{name}”正被使用，不能改名：{users}',
      en: '"{name}" is asked for by that name, so it cannot be changed: {users}',
    },
    hint: {
      zh: '请先修改这些保存的搜索或告警规则。',
      en: 'Change these saved searches or alert rules first.',
    },
  },
  LOG_SAVED_NAME: {
    message: { zh: '已有名为“{name}”的保存的搜索。', en: 'There is a saved search named "{name}" already.' },
    hint: { zh: '请换一个名称，或修改原有的搜索。', en: 'Choose another name, or change that search.' },
  },
  LOG_SAVED_MANY: {
    message: { zh: '这样的搜索最多 {max} 个。', en: 'There can be {max} such searches at most.' },
    hint: {
      zh: '请先删除或停止统计不再需要的搜索。',
      en: 'Remove those that nobody needs, or stop counting them.',
    },
  },
  LOG_EXPORT_PATH: {
    message: {
      zh: '无法导出到 {file}：不是文件的完整路径。',
      en: 'Cannot export to {file}: it is not the full path of a file.',
    },
    hint: { zh: '请给出文件的完整路径。', en: 'Give the full path of a file.' },
  },
  LOG_EXPORT_EXISTS: {
    message: { zh: '文件 {file} 已存在。', en: 'The file {file} exists already.' },
    hint: {
      zh: '请换一个文件名，或明确选择覆盖。',
      en: 'Choose another name, or say that it is to be overwritten.',
    },
  },
  LOG_CURSOR_INVALID: {
    message: { zh: '续查位置无效。', en: 'The place to continue the search from is not valid.' },
    hint: { zh: '请重新查询。', en: 'Search again from the start.' },
  },
  LOG_SOURCE_EXISTS: {
    message: {
      zh: '已有日志源读取 {path}（主机 {host}）。',
      en: 'There already is a log source for {path} (host {host}).',
    },
    hint: { zh: '请修改或先移除已有的日志源。', en: 'Change or remove the existing source first.' },
  },
  LOG_PATH_RELATIVE: {
    message: { zh: '路径“{path}”不是绝对路径。', en: 'The path "{path}" is not absolute.' },
    hint: {
      zh: '请写完整路径，例如 /var/log/hmtt/*.log。',
      en: 'Write the full path, such as /var/log/hmtt/*.log.',
    },
  },
  LOG_PATH_PATTERN: {
    message: { zh: '路径模式“{path}”有误：{why}', en: 'The path pattern "{path}" is not valid: {why}' },
    hint: {
      zh: '可用：* ? [abc] {a,b}，以及表示任意层目录的 **。',
      en: 'Allowed are * ? [abc] {a,b}, and ** for any depth of folders.',
    },
  },
  LOG_FORMAT_INVALID: {
    message: {
      zh: '格式“{format}”既不是内置格式，也不是可用的正则表达式：{why}',
      en: 'The format "{format}" is neither built in nor a usable regular expression: {why}',
    },
    hint: {
      zh: '内置格式见“日志格式”一览（hmtt logs formats）；也可写 grok: 加模式，或带命名组的 RE2 表达式，例如 (?P<time>\\S+) (?P<level>\\w+) (?P<message>.*)。',
      en: 'The built-in ones are listed by hmtt logs formats; else write grok: and a pattern, or an RE2 expression with named groups, such as (?P<time>\\S+) (?P<level>\\w+) (?P<message>.*).',
    },
  },
  LOG_MULTILINE_INVALID: {
    message: {
      zh: '多行起始表达式“{pattern}”不可用：{why}',
      en: 'The expression "{pattern}" for the first line of an event cannot be used: {why}',
    },
    hint: {
      zh: '请写匹配事件第一行的 RE2 表达式，例如 ^\\d{4}-\\d\\d-\\d\\d；或按缩进、按时间戳合并。',
      en: 'Write an RE2 expression that the first line of an event matches, such as ^\\d{4}-\\d\\d-\\d\\d; or join by indentation or by time stamp.',
    },
  },
  LOG_ZONE_UNKNOWN: {
    message: { zh: '没有时区“{zone}”。', en: 'There is no time zone "{zone}".' },
    hint: {
      zh: '请用 IANA 名称，例如 Asia/Shanghai 或 UTC；留空表示本工作站的时区。',
      en: "Use an IANA name such as Asia/Shanghai or UTC; empty means the workstation's own.",
    },
  },
  LOG_FILE_UNREADABLE: {
    message: { zh: '无法读取日志文件 {file}：{why}', en: 'The log file {file} cannot be read: {why}' },
    hint: {
      zh: '请让控制台的用户有读取权限；一旦可读，会从中断处继续，不会丢行。',
      en: 'Give the user of the console permission to read it; once it is readable, reading goes on where it stopped and no line is lost.',
    },
  },
  LOG_FILE_BINARY: {
    message: {
      zh: '{file} 看起来不是文本：最近读到的行含有非文本字节。',
      en: '{file} does not look like text: lines read lately hold bytes that are not text.',
    },
    hint: {
      zh: '各行按原始字节保存并作标记，没有丢弃。若不是日志，请从日志源中排除它。',
      en: 'The lines are kept byte by byte and flagged, none is dropped. If it is not a log, take it out of the source.',
    },
  },
  LOG_LINE_TOO_LONG: {
    message: {
      zh: '{file} 中有超过 {bound} 的行（共 {count} 行）；最近一行始于第 {offset} 字节，长 {bytes}。',
      en: '{file} has lines longer than {bound} ({count} so far); the latest starts at byte {offset} and has {bytes}.',
    },
    hint: {
      zh: '这些行保留了开头的 {bound} 并作了标记；其余各行不受影响。',
      en: 'Of these lines the first {bound} are kept, and flagged; all other lines are whole.',
    },
  },
  LOG_NOT_A_FILE: {
    message: { zh: '{file} 不是普通文件。', en: '{file} is not a regular file.' },
    hint: { zh: '请指定日志文件或含通配符的路径。', en: 'Name a log file, or a path with wildcards.' },
  },
  LOG_TOO_MANY_FILES: {
    message: {
      zh: '{path} 匹配了 {count} 个文件，最多同时读取 {bound} 个。',
      en: '{path} matches {count} files; at most {bound} are read at a time.',
    },
    hint: {
      zh: '其余文件尚未读取。请缩小路径范围，或分成多个日志源。',
      en: 'The others are not read yet. Narrow the path, or make several sources of it.',
    },
  },
  LOG_NEEDS_ZSTD: {
    message: {
      zh: '{file} 中有 zstd 压缩的数据，而当前运行环境没有 zstd。',
      en: '{file} holds data compressed with zstd, which this runtime does not have.',
    },
    hint: {
      zh: '请用正式发布的控制台打开此数据目录；数据没有损坏。',
      en: 'Open this data folder with a released console; the data is not damaged.',
    },
  },
  LOG_BLOCK_DAMAGED: {
    message: {
      zh: '{file} 的数据块 {block} 已损坏：{why}',
      en: 'Block {block} of {file} is damaged: {why}',
    },
    hint: {
      zh: '其余各天可以照常查询（请限定时间范围）。请从备份恢复此文件。',
      en: 'Other days can still be searched (limit the time range). Restore this file from a backup.',
    },
  },
  LOG_INGEST_STOPPED: {
    message: { zh: '日志读取线程停止了：{why}', en: 'The thread that reads logs stopped: {why}' },
    hint: {
      zh: '控制台会自动重新启动它，并从中断处继续；不会丢行。',
      en: 'It is started again by itself and goes on where it stopped; no line is lost.',
    },
  },
});
