import { defineErrors } from '../define.ts';

const LOOK_AT_SERVICE = {
  zh: '请查看该服务的状态与日志；也可在主机页点“测试此主机”，逐步看它答了什么。',
  en: 'Look at the state and the log of that service; "Test this host" on the host page shows step by step what it answers.',
};

const LOOK_AT_CHECK = {
  zh: '请核对该检查的设置：地址、端口、协议与期望值。',
  en: "Look at the check's settings: address, port, protocol, and what is expected.",
};

const LOOK_AT_FILE = {
  zh: '请按所示行改正文件后再导入；控制台没有改动任何内容。',
  en: 'Correct that line and import again; nothing was changed.',
};

/** Expected failures of checks. Those of making a connection are the ones of a scrape. */
export const checkErrors = defineErrors({
  CHECK_TIMEOUT: {
    message: { zh: '{seconds} 秒内没有完成：{step}。', en: 'Not done within {seconds} s: {step}.' },
    hint: LOOK_AT_SERVICE,
  },
  CHECK_BUSY: {
    message: {
      zh: '同类检查太多没有结束，{seconds} 秒内没有轮到它。',
      en: 'Too many checks of its kind have not ended; its turn did not come within {seconds} s.',
    },
    hint: {
      zh: '请先处理没有应答的主机或插件，或者延长检查间隔。',
      en: 'See to the hosts or plugins that do not answer, or make the intervals longer.',
    },
  },
  CHECK_THRESHOLD: {
    message: { zh: '{measure} = {value}，超出 {range}。', en: '{measure} = {value} is outside of {range}.' },
    hint: LOOK_AT_SERVICE,
  },
  CHECK_STATUS: {
    message: {
      zh: '应答状态 {status}，期望 {expected}。',
      en: 'It answers status {status}; {expected} is expected.',
    },
    hint: LOOK_AT_SERVICE,
  },
  CHECK_TEXT_MISSING: {
    message: { zh: '应答中没有“{text}”。', en: 'The answer has no "{text}".' },
    hint: LOOK_AT_SERVICE,
  },
  CHECK_TEXT_PRESENT: {
    message: { zh: '应答中出现了“{text}”。', en: 'The answer has "{text}".' },
    hint: LOOK_AT_SERVICE,
  },
  CHECK_PATTERN: {
    message: { zh: '“{pattern}”不是正则表达式：{why}', en: '"{pattern}" is no regular expression: {why}' },
    hint: {
      zh: '表达式用 RE2 语法：没有反向引用和环视。',
      en: 'Expressions are RE2: no back references, no look-around.',
    },
  },
  CHECK_NOT_JSON: {
    message: { zh: '应答不是 JSON：{why}', en: 'The answer is no JSON: {why}' },
    hint: LOOK_AT_SERVICE,
  },
  CHECK_JSON_PATH: {
    message: { zh: '“{path}”不是 JSON 路径：{why}', en: '"{path}" is no JSON path: {why}' },
    hint: { zh: '路径用 RFC 9535 语法，例如 $.status。', en: 'Paths are those of RFC 9535, e.g. $.status.' },
  },
  CHECK_JSON_MISSING: {
    message: { zh: '应答中没有 {path}。', en: 'The answer has no {path}.' },
    hint: LOOK_AT_SERVICE,
  },
  CHECK_JSON_OTHER: {
    message: {
      zh: '{path} 是“{found}”，期望“{expected}”。',
      en: '{path} is "{found}"; "{expected}" is expected.',
    },
    hint: LOOK_AT_SERVICE,
  },
  CHECK_ANSWER_TOO_BIG: {
    message: {
      zh: '应答超过 {limit}，已停止读取。',
      en: 'The answer is larger than {limit}; reading was stopped.',
    },
    hint: LOOK_AT_CHECK,
  },
  CHECK_ANSWER_INVALID: {
    message: {
      zh: '对方的应答不符合该协议：{why}',
      en: 'The other side does not speak this protocol: {why}',
    },
    hint: LOOK_AT_CHECK,
  },
  CHECK_DNS_SERVER: {
    message: { zh: '“{server}”不是名称服务器的地址。', en: '"{server}" is no address of a name server.' },
    hint: {
      zh: '请填 IP 地址，可加端口：192.0.2.1 或 192.0.2.1:53。',
      en: 'Give an IP address, with a port if need be: 192.0.2.1 or 192.0.2.1:53.',
    },
  },
  CHECK_DNS_SILENT: {
    message: {
      zh: '名称服务器 {server} 在 {seconds} 秒内没有应答。',
      en: 'Name server {server} did not answer within {seconds} s.',
    },
    hint: LOOK_AT_SERVICE,
  },
  CHECK_DNS_FAILED: {
    message: { zh: '{server} 对 {name} 的应答：{why}', en: '{server} answers for {name}: {why}' },
    hint: LOOK_AT_SERVICE,
  },
  CHECK_DNS_ANSWER: {
    message: {
      zh: '{name} 的应答是 {found}，缺少 {expected}。',
      en: '{name} is {found}; {expected} is missing.',
    },
    hint: LOOK_AT_SERVICE,
  },
  CHECK_PING_MISSING: {
    message: { zh: '本机没有 ping 程序：{why}', en: 'This machine has no ping: {why}' },
    hint: {
      zh: '请安装 iputils-ping，或者改用 TCP 检查。',
      en: 'Install iputils-ping, or check a TCP port instead.',
    },
  },
  CHECK_PING_FAILED: {
    message: { zh: '无法 ping {host}：{why}', en: '{host} cannot be pinged: {why}' },
    hint: {
      zh: '请检查网络路径；若是权限问题，请改用 TCP 检查。',
      en: 'Check the network path; if it is about permission, check a TCP port instead.',
    },
  },
  CHECK_PING_LOST: {
    message: {
      zh: '{host} 没有应答 {sent} 个 ping 中的任何一个。',
      en: '{host} answered none of {sent} pings.',
    },
    hint: {
      zh: '请检查主机是否开机、网络与防火墙是否放行 ICMP。',
      en: 'Check that the host is on and that network and firewall let ICMP through.',
    },
  },
  CHECK_SERVER_SAYS: {
    message: { zh: '服务器应答：{why}', en: 'The server says: {why}' },
    hint: LOOK_AT_CHECK,
  },
  CHECK_VALUE_OTHER: {
    message: {
      zh: '查询结果是“{found}”，期望“{expected}”。',
      en: 'The query gives "{found}"; "{expected}" is expected.',
    },
    hint: LOOK_AT_SERVICE,
  },
  CHECK_QUERY: {
    message: { zh: '查询被拒绝：{why}', en: 'The query is refused: {why}' },
    hint: { zh: '检查只运行一条只读语句。', en: 'A check runs one read-only statement.' },
  },
  CHECK_REDIS_COMMAND: {
    message: {
      zh: '{command} 不是只读命令，没有发送。',
      en: '{command} is not a read-only command; it was not sent.',
    },
    hint: {
      zh: '可用 PING、INFO、DBSIZE、GET、EXISTS、LLEN 等。',
      en: 'PING, INFO, DBSIZE, GET, EXISTS, LLEN and their like can be used.',
    },
  },
  CHECK_NOT_STATUS_PAGE: {
    message: { zh: '{url} 不是 {page} 状态页。', en: '{url} is not the status page ({page}).' },
    hint: LOOK_AT_CHECK,
  },
  CHECK_BACKEND_DOWN: {
    message: { zh: '后端没有可用服务器：{names}', en: 'Backends without a server: {names}' },
    hint: LOOK_AT_SERVICE,
  },
  CHECK_SERVERS_DOWN: {
    message: { zh: '服务器故障：{names}（正常 {up}/{all}）', en: 'Servers down: {names} ({up} of {all} up)' },
    hint: LOOK_AT_SERVICE,
  },
  CHECK_PLUGIN_SAYS: {
    message: { zh: '插件报告：{said}', en: 'The plugin says: {said}' },
    hint: LOOK_AT_SERVICE,
  },
  CHECK_PLUGIN_CODE: {
    message: {
      zh: '插件 {file} 的退出码 {code} 不在 0–3 之内：{said}',
      en: 'Plugin {file} ended with {code}, which is none of 0–3: {said}',
    },
    hint: {
      zh: '127 多为文件不存在，126 多为没有执行权限。',
      en: '127 mostly means that a file is missing, 126 that it may not be run.',
    },
  },
  CHECK_PLUGIN_NOT_STARTED: {
    message: { zh: '无法启动插件 {file}：{why}', en: 'Plugin {file} cannot be started: {why}' },
    hint: {
      zh: '请检查路径与执行权限；标准插件在软件包 monitoring-plugins-basic 中。',
      en: 'Check its path and that it may be run; the usual ones are in the package monitoring-plugins-basic.',
    },
  },
  CHECK_PLUGIN_ENDLESS: {
    message: {
      zh: '插件 {file} 超过 {seconds} 秒，已连同其子进程终止。',
      en: 'Plugin {file} took longer than {seconds} s and was ended with its children.',
    },
    hint: LOOK_AT_SERVICE,
  },
  CHECK_PLUGIN_FLOODS: {
    message: {
      zh: '插件 {file} 输出超过 1 MiB，已连同其子进程终止。',
      en: 'Plugin {file} wrote more than 1 MiB and was ended with its children.',
    },
    hint: LOOK_AT_CHECK,
  },
  CHECK_PLUGIN_KILLED: {
    message: { zh: '插件 {file} 被信号 {why} 终止。', en: 'Plugin {file} was ended by signal {why}.' },
    hint: LOOK_AT_SERVICE,
  },
  CHECK_ZABBIX_CLOSED: {
    message: {
      zh: 'Zabbix 客户端关闭了连接，没有应答。',
      en: 'The Zabbix agent closed the connection without an answer.',
    },
    hint: {
      zh: '请检查 agent 配置中的 Server= 是否允许本工作站，以及是否要求加密（TLSAccept）。',
      en: "Check that Server= of the agent's configuration lets this workstation in, and whether it wants encryption (TLSAccept).",
    },
  },
  CHECK_ZABBIX_UNSUPPORTED: {
    message: {
      zh: 'agent 不支持 {count} 个监控项，例如 {key}：{why}',
      en: 'The agent does not support {count} items, such as {key}: {why}',
    },
    hint: LOOK_AT_CHECK,
  },
  CHECK_ZABBIX_TOO_MANY: {
    message: { zh: '一个检查最多 {limit} 个监控项。', en: 'One check takes at most {limit} items.' },
    hint: {
      zh: '请拆成几个检查，或减少发现规则的监控项。',
      en: 'Split it into several checks, or take fewer items of the discovery.',
    },
  },
  CHECK_ZABBIX_PSK: {
    message: {
      zh: '预共享密钥不是 32 至 512 位十六进制数字。',
      en: 'The pre-shared key is not 32 to 512 hexadecimal digits.',
    },
    hint: { zh: '请与 agent 的 TLSPSKFile 核对。', en: "Compare it with the agent's TLSPSKFile." },
  },
  CHECK_NAME_TAKEN: {
    message: { zh: '该主机已有名为“{name}”的检查。', en: 'That host already has a check named "{name}".' },
    hint: { zh: '请换一个名称。', en: 'Choose another name.' },
  },
  CHECK_IMPORT_NAGIOS: {
    message: { zh: '{file} 第 {line} 行：{why}', en: '{file}, line {line}: {why}' },
    hint: LOOK_AT_FILE,
  },
  CHECK_IMPORT_ZABBIX: {
    message: { zh: '{file} 第 {line} 行：{why}', en: '{file}, line {line}: {why}' },
    hint: LOOK_AT_FILE,
  },
});
