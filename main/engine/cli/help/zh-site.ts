/** 命令行帮助的中文文本：审计记录、主机、指标、告警、仪表板、密码库、演练站点。 */
export const siteHelp: Readonly<Record<string, string>> = {
  'who did what, when, with what outcome; entries prove their own order':
    '审计记录：谁在何时做了什么、结果如何；记录自身可证明次序',
  'what was recorded, the newest first': '已记录的内容，最新的在前',
  "the operating system's user": '操作系统用户',
  'window, command or engine': 'window（窗口）、command（命令行）或 engine（引擎自行）',
  'such as hosts.add; hosts finds all of hosts': '例如 hosts.add；hosts 表示 hosts 的全部操作',
  'done, failed, cancelled, refused, begun or open':
    'done（完成）、failed（失败）、cancelled（已取消）、refused（被拒绝）、begun（已开始）或 open（无结果）',
  'somewhere in object or values': '对象或取值中含有的文字',
  'records that are shown': '最多显示多少条',
  'read the whole chain again; exit code 3 names what is changed, missing or in another place':
    '重新读取整条链；发现改动、缺失或错位时逐条指出，退出码为 3',
  'an export instead, without a data folder': '改为校验导出文件，不需要数据目录',
  'a line of `audit anchor` that was written down earlier': '先前记下的 `audit anchor` 输出行',
  'write the whole chain with a signed checkpoint at its end': '写出整条链，末尾为签名的检查点',
  'also when it is there already': '文件已存在时也写入',
  'the last checkpoint as a line, to be kept elsewhere': '以一行文字给出最后的检查点，供另行保存',
  "The console's engine without its window. Asks the engine that runs on the data folder; opens the folder itself when none does.":
    '不带窗口的控制台引擎。数据目录上已有引擎在运行时向它请求，否则自行打开该目录。',
  "data folder; default $HMTT_DATA, else the console's own":
    '数据目录；默认取 $HMTT_DATA，否则为控制台自己的目录',
  'one JSON document on stdout': '在标准输出给出一个 JSON 文档',
  'engine without a window, until SIGTERM or SIGINT': '不带窗口运行引擎，直到收到 SIGTERM 或 SIGINT',
  'serve the Prometheus HTTP API read-only, e.g. 127.0.0.1:0':
    '以只读方式提供 Prometheus HTTP API，例如 127.0.0.1:0',
  'ask for the token in this file; allows addresses other than loopback':
    '要求使用此文件中的令牌；此时可监听回环以外的地址',
  'open the sealed store with the passphrase in this file': '用此文件中的口令打开密封存储',
  'take over what a site already has': '导入站点已有的配置与数据',
  'backfill samples with time stamps, plain or gzipped; the whole file or nothing':
    '补录带时间戳的样本，明文或 gzip；要么整个文件导入，要么什么都不导入',
  'say what would happen, change nothing': '只说明会发生什么，不做更改',
  'scrape jobs and rule files of a prometheus.yml, verbatim': '原样导入 prometheus.yml 的采集任务和规则文件',
  'routes, receivers, inhibition and time intervals of an alertmanager.yml':
    'alertmanager.yml 中的路由、接收方、抑制规则和时段',
  'the whole configuration of this console or of another one; whole or not at all':
    '导入本控制台或另一台控制台的全部配置；要么整个导入，要么什么都不导入',
  'say what would be added and changed, change nothing': '只说明会新增和更改什么，不做更改',
  'age identity, or a sealed NAME.key.age, that opens the secrets':
    '打开其中密码的 age 身份，或受口令保护的 NAME.key.age',
  'file whose first line is the passphrase of the secrets, or of the identity':
    '第一行为密码的口令（或身份文件口令）的文件',
  'import although the sealed secrets cannot be opened': '不打开加密的密码也导入，之后重新录入',
  'leave wrong rows out instead of refusing the file': '略过有错误的行，而不是拒绝整个文件',
  'hand out what the console holds': '导出控制台保存的内容',
  'write samples as an OpenMetrics document, which the import and promtool read':
    '把样本写成 OpenMetrics 文档，可再次导入，promtool 也能读取',
  'the file to write': '要写入的文件',
  'which series, as PromQL selectors; all when left out': '哪些序列，用 PromQL 选择器表示；省略为全部',
  'RFC 3339, unix seconds, or now-2h': 'RFC 3339、unix 秒或 now-2h',
  'as --start': '写法同 --start',
  'as --from': '写法同 --from',
  'the whole configuration as one document; secrets are left out unless they are sealed':
    '把全部配置导出为一个文件；密码只有加密后才随文件导出',
  'seal the secrets to age recipients': '把密码加密给 age 收件人',
  'seal the secrets with the passphrase in the first line of this file': '用此文件第一行的口令加密密码',
  'on stdout: hosts, targets, components, links, scrape jobs, without secrets':
    '输出到标准输出：主机、采集目标、组件、连接、采集任务，不含密码',
  'who owns what, what runs where, what stands behind what': '什么归谁负责、运行在哪里、位于什么之后',
  'a CSV file, a list like /etc/hosts, or a file of inventory export':
    'CSV 文件、/etc/hosts 式的列表，或 inventory export 导出的文件',
  'what is wrong now, and what was': '当前和以往的问题',
  'firing or all': 'firing（触发中）或 all（全部）',
  'the story of one alert: why somebody was told, or why nobody was':
    '一条告警的经过：为什么通知了某人，或为什么没有通知任何人',
  'which routes an alert with these labels would take, and what would suppress it now':
    '带有这些标签的告警会走哪些路由，现在会被什么抑制',
  'somebody is on it: no more notices until it ends': '确认：已有人处理，在告警结束之前不再通知',
  who: '姓名',
  'what is being done': '正在做什么',
  'remind after so long, and again': '经过这么久提醒一次，之后重复',
  'take acknowledgements back': '撤销确认',
  'alerts of a span of time, as CSV or one JSON document a line':
    '一段时间内的告警，CSV 或每行一个 JSON 文档',
  begin: '开始时间',
  end: '结束时间',
  'e.g. host="app-1"': '例如 host="app-1"',
  'csv or ndjson': 'csv 或 ndjson',
  'write a file instead of standard output': '写入文件而不是标准输出',
  'hide alerts for a while, and see what is hidden': '暂时静默告警，查看静默了什么',
  'e.g. silence add host=db-1 --for 2h --comment "disk swap"':
    '例如 silence add host=db-1 --for 2h --comment "更换磁盘"',
  why: '原因',
  'how long': '时长',
  'silences that have not ended': '尚未结束的静默',
  'those that have, too': '包括已结束的',
  'end a silence now': '立即结束一个静默',
  'the inventory': '主机清单',
  'every host with its state': '每台主机及其状态',
  'add a host with one scrape target': '添加一台主机和一个采集目标',
  'where its metrics are': '指标所在的地址',
  'presentation, business, data or other':
    'presentation（展示层）、business（业务层）、data（数据层）或 other（其他）',
  'job label': 'job 标签',
  'metrics path': '指标路径',
  'scrape over TLS': '通过 TLS 采集',
  'rules of a scrape job: what they do to its targets, and taking other ones over':
    '采集任务的重写规则：对采集目标的作用，以及换用另外的规则',
  'relabel_configs in place of those of the job': '代替该任务的 relabel_configs',
  'metric_relabel_configs in place of those of the job': '代替该任务的 metric_relabel_configs',
  'take them over': '采用这些规则',
  'target files of file_sd_configs: read now, and what came of it':
    'file_sd_configs 的目标文件：立即读取并显示结果',
  'version of the console and of the Node that runs it': '控制台的版本，以及运行它的 Node 的版本',
  'what is asked of hosts besides their metrics': '除指标外对主机所做的检查',
  'make all checks of a host now and show every step; exit code 1 when one of them fails':
    '立即执行一台主机的全部检查并显示每一步；有检查失败时退出码为 1',
  'checks with their state, worst first': '检查及其状态，最差的在前',
  'a check as JSON, e.g. \'{"name":"web","what":{"kind":"http","url":"http://10.0.0.5/"}}\'; @FILE reads it from a file':
    '以 JSON 给出一项检查，例如 \'{"name":"web","what":{"kind":"http","url":"http://10.0.0.5/"}}\'；@FILE 从文件读取',
  'end a check; its series stay as long as all others': '停止一项检查；其序列与其他序列保留同样长的时间',
  'hosts, services and commands of Nagios object files': 'Nagios 对象文件中的主机、服务和命令',
  'what $USER1$ stands for': '$USER1$ 代表什么',
  "a template export of Zabbix (YAML) for one host's agent":
    '为一台主机的 Zabbix 客户端导入模板导出文件（YAML）',
  "HOST or HOST:PORT of the agent, when it is not the host's own address":
    '客户端的 HOST 或 HOST:PORT，与主机自己的地址不同时填写',
  'write the rules made of its triggers there': '把由触发器生成的规则写到这个文件',
  "PromQL; the result is the `data` member of Prometheus's API":
    'PromQL 查询；结果即 Prometheus API 的 `data` 成员',
  'RFC 3339, unix seconds, or now-2h; now when left out': 'RFC 3339、unix 秒或 now-2h；省略为现在',
  'begin of a range': '时间范围的开始',
  'end of a range; now when left out': '时间范围的结束；省略为现在',
  'time between two values of a range, such as 15s': '范围内两个值之间的间隔，例如 15s',
  'dashboards, and what is taken of Grafana': '仪表板，以及从 Grafana 导入',
  'built-in dashboards and those of the site': '内置仪表板和站点自己的仪表板',
  'a dashboard as JSON, on stdout or into a file': '以 JSON 给出仪表板，写到标准输出或文件',
  'in the form that Grafana 9 and newer import': '使用 Grafana 9 及更新版本可导入的格式',
  'an earlier version': '较早的版本',
  'write it there; an existing file is not overwritten': '写入此文件；不覆盖已有文件',
  'a dashboard of the console or of Grafana 9 to 12; says what it could not take':
    '控制台或 Grafana 9 至 12 的仪表板；说明哪些内容无法导入',
  'where the uid is taken: save it as a new version': 'uid 已被占用时：保存为新版本',
  'where the uid is taken: save it as a dashboard of its own': 'uid 已被占用时：另存为单独的仪表板',
  'mark a deployment on the time axis of all dashboards': '在所有仪表板的时间轴上标记一次部署',
  'when; default now': '时间；默认为现在',
  tags: '标签',
  'dashboards saved as PDF at set times': '定时保存为 PDF 的仪表板',
  'with when each comes next, and how the last one ended': '包括下一次的时间和上一次的结果',
  'save these dashboards as PDF, one file each': '把这些仪表板保存为 PDF，每个一个文件',
  'minute hour day month weekday, local time, e.g. "0 7 * * 1-5"':
    '分 时 日 月 星期，本地时间，例如 "0 7 * * 1-5"',
  'an existing folder': '一个已存在的文件夹',
  'begin of the span, reckoned from the scheduled time': '时间段的开始，从计划时间算起',
  'its end': '时间段的结束',
  'PDFs kept of each dashboard': '每个仪表板保留多少份 PDF',
  'zh-CN or en': 'zh-CN 或 en',
  'make it now; the desktop must be running': '立即生成；控制台的窗口必须在运行',
  'make it no longer; its PDFs stay': '不再生成；已有 PDF 保留',
  'ways to tell people about alerts': '把告警通知给人的渠道',
  'every channel, and how it does': '每个渠道及其状况',
  'send a test now, and say what the other side answered': '立即发送一次测试，并显示对方的应答',
  'to whom, e.g. an e-mail address; else the first of the channel’s own':
    '发给谁，例如邮件地址；省略为该渠道的第一个收件人',
  'notices that wait, or with --ended what became of them': '等待发送的通知；加 --ended 显示结果',
  'what became of those that wait no more': '显示不再等待的通知的结果',
  'who is on call by each rota, now or at a time': '各值班表现在或某个时间由谁值班',
  'the sealed store of passwords, tokens and keys': '加密保存密码、令牌和私钥的密码库',
  'whether it is open, what guards it, and which secrets it holds; never what they are':
    '密码库是否已解锁、由什么保护、保存了哪些密码；从不显示内容',
  'open the store of a running engine': '解锁运行中的引擎的密码库',
  'file whose first line is the passphrase; - reads standard input':
    '第一行为口令的文件；- 表示从标准输入读取',
  'forget the key until the passphrase is given again': '锁定密码库，直到再次给出口令',
  'set or change the passphrase; every secret is sealed anew': '设置或修改口令；所有密码重新加密',
  'the passphrase until now, when there is one': '现有口令（如果有）',
  'keep a secret under a name, for settings that name one': '以一个名称保存密码，供按名称引用的设置使用',
  'file that holds it, without its last line end; - reads standard input':
    '保存密码的文件，末尾换行不计；- 表示从标准输入读取',
  'forget a secret that was kept under a name': '删除命名密码',
  'a three-tier training site on loopback, in a data folder of its own, until SIGTERM or SIGINT':
    '在回环地址上运行三层演练站点，使用单独的数据目录，直到收到 SIGTERM 或 SIGINT',
  'serve the Prometheus HTTP API read-only': '以只读方式提供 Prometheus HTTP API',
  'give up everything of an earlier training first': '先放弃上次演练的全部内容',
  'lessons and incidents of a running training site': '运行中的演练站点的课程与故障',
  'begin an incident': '开始一个故障',
  'end it': '结束故障',
  'give up everything of the training when it starts next': '下次启动时放弃演练的全部内容',
  'answer the question of the log lesson': '回答日志课程的问题',
  'check, test and run rule files of Prometheus': '检查、测试和运行 Prometheus 规则文件',
  'run rule files; one that is known by its path is replaced': '运行规则文件；路径相同的文件被替换',
  'keep them, but do not run them': '只保存，不运行',
  'the rule files that the console knows': '控制台已有的规则文件',
  'run a rule file no longer; its series end': '不再运行一个规则文件；其序列结束',
  'every group with the health of its rules and their alerts': '每个规则组，及其规则的健康状况和告警',
  'what the rules of a file would have done over the stored past':
    '回测：文件中的规则对已存储的历史数据会有什么结果',
  'RFC 3339, unix seconds, or now-7d': 'RFC 3339、unix 秒或 now-7d',
  'the rules that the console brings along': '控制台自带的规则',
  'switch a rule on': '启用一条规则',
  'switch a rule off': '停用一条规则',
  'change a threshold; without a number, back to the own one': '更改阈值；不写数值则恢复自带的阈值',
  'write them as rule files': '写成规则文件',
  'whether rule files can be used: expressions, templates, durations, names':
    '检查规则文件能否使用：表达式、模板、时长、名称',
  "run test files in promtool's form, in virtual time": '以虚拟时间运行 promtool 格式的测试文件',
};
