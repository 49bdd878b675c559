import type { LogFormatInfo } from '#shared/contract/logs-sources.ts';

/** The formats that a source can be given, each in a sentence. */
export const FORMATS: readonly LogFormatInfo[] = [
  {
    name: 'auto',
    title: { zh: '自动识别', en: 'Found by sample' },
    sentence: {
      zh: '看每个文件的前几十行，选出最合适的内置格式；文件换了格式会重新识别。',
      en: 'Looks at the first lines of each file and takes the built-in format that fits; looks again when a file changes.',
    },
    example: '',
  },
  {
    name: 'json',
    title: { zh: 'JSON', en: 'JSON' },
    sentence: {
      zh: '每行一个 JSON 对象；常见的时间、级别、消息名会被识别，嵌套对象变成带点的字段名。',
      en: 'One JSON object per line; the usual names of time, level and message are known, nested objects become dotted fields.',
    },
    example: '{"time":"2026-11-22T10:00:00Z","level":"error","msg":"pool is full","size":50}',
  },
  {
    name: 'logfmt',
    title: { zh: 'logfmt', en: 'logfmt' },
    sentence: {
      zh: '整行都是“名=值”，值可以加引号，许多 Go 程序这样写。',
      en: 'Nothing but key=value pairs, values may be quoted, as many Go programs write them.',
    },
    example: 'time=2026-11-22T10:00:00Z level=error msg="pool is full" size=50',
  },
  {
    name: 'syslog',
    title: { zh: 'syslog', en: 'syslog' },
    sentence: {
      zh: 'RFC 3164 和 RFC 5424，以及 rsyslog 写到文件里的样子；读出主机、程序、进程号和结构化数据。',
      en: 'RFC 3164 and RFC 5424, and what rsyslog makes of them in files; host, program, process id and structured data are read.',
    },
    example: 'Nov 22 10:00:00 app-1 hmtt[512]: pool is full',
  },
  {
    name: 'access',
    title: { zh: '网站访问日志', en: 'Web access log' },
    sentence: {
      zh: 'Apache 与 nginx 的 common、combined 格式；5xx 记为错误，4xx 记为警告。',
      en: 'Common and combined format of Apache and nginx; status 5xx counts as error, 4xx as warning.',
    },
    example: '10.0.0.7 - li [22/Nov/2026:10:00:00 +0800] "GET /erp HTTP/1.1" 502 157 "-" "curl/7.88"',
  },
  {
    name: 'web-error',
    title: { zh: '网站错误日志', en: 'Web error log' },
    sentence: {
      zh: 'nginx 和 Apache 2.2、2.4 的错误日志；读出进程、客户端、模块等。',
      en: 'Error logs of nginx and of Apache 2.2 and 2.4; process, client, module and more are read.',
    },
    example: '2026/11/22 10:00:00 [error] 7#7: *5 connect() failed, client: 10.0.0.7, server: erp',
  },
  {
    name: 'time-level',
    title: { zh: '时间 + 级别 + 消息', en: 'Time, level, message' },
    sentence: {
      zh: 'log4j、logback、Spring Boot、JBoss、Tomcat 等的常见布局；读出线程和类名。',
      en: 'The usual layouts of log4j, logback, Spring Boot, JBoss and Tomcat; thread and logger are read.',
    },
    example: '2026-11-22 10:00:00,123 ERROR [main] com.acme.Pool - pool is full',
  },
  {
    name: 'python',
    title: { zh: 'Python logging 日志', en: 'Python logging' },
    sentence: {
      zh: 'Python 的 logging：ERROR:名称:消息，或前面带时间。',
      en: "Python's logging: ERROR:name:message, or with a time in front.",
    },
    example: 'ERROR:acme.pool:pool is full',
  },
  {
    name: 'klog',
    title: { zh: 'klog / glog 日志', en: 'klog / glog' },
    sentence: {
      zh: 'Kubernetes 等 Go 程序的 klog、glog：级别字母、月日、时间、线程、文件和行号。',
      en: "Kubernetes' klog and glog: letter of the level, month and day, time, thread, file and line.",
    },
    example: 'E1122 10:00:00.123456    12 pool.go:34] pool is full',
  },
  {
    name: 'kv',
    title: { zh: '文本中的 名=值', en: 'key=value in text' },
    sentence: {
      zh: '行内任意位置的“名=值”，前面可以有时间和文字；防火墙、审计日志常用。',
      en: 'key=value pairs anywhere in a line, after a time and text if there is one; firewalls and audit logs write so.',
    },
    example: '2026-11-22 10:00:00 firewall deny src=10.0.0.7 dst=10.0.1.9 port=445',
  },
  {
    name: 'plain',
    title: { zh: '纯文本', en: 'Plain text' },
    sentence: {
      zh: '整行就是消息；行首的级别词仍会被识别。',
      en: 'The line is the message; a level at its beginning still counts.',
    },
    example: 'error: pool is full',
  },
  {
    name: 'grok:',
    title: { zh: 'grok 模式', en: 'Grok pattern' },
    sentence: {
      zh: 'grok: 后面写 Logstash 用户熟悉的模式，如 %{IP:client}；自己的定义另起行写“名称 模式”。',
      en: 'After grok: a pattern as Logstash has them, such as %{IP:client}; own definitions follow in lines of NAME and pattern.',
    },
    example: 'grok:%{TIMESTAMP_ISO8601:time} %{LOGLEVEL:level} %{GREEDYDATA:message}',
  },
  {
    name: '(?P<…>)',
    title: { zh: '正则表达式', en: 'Regular expression' },
    sentence: {
      zh: '带命名组的 RE2 表达式：time、level、message 各有含义，其余成为字段。',
      en: 'An RE2 expression with named groups: time, level and message have their meaning, all others become fields.',
    },
    example: '^(?P<time>\\S+ \\S+) (?P<level>\\w+) (?P<message>.*)$',
  },
];
