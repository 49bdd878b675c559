import { defineErrors } from '../define.ts';

const LOOK_AT_HOST = {
  zh: '请检查该主机是否开机、导出器是否在运行。其余目标继续采集。',
  en: 'Check that the host is on and its exporter is running. All other targets go on being scraped.',
};

const LOOK_AT_TLS = {
  zh: '请核对该目标的 CA 文件、证书与服务器名称；不要为了省事而关闭证书校验。',
  en: "Check the target's CA file, certificate and server name; do not switch verification off as a shortcut.",
};

const RAISE_OR_DROP = {
  zh: '请提高该任务的这一上限，或者用 metric_relabel_configs 删除该标签或指标。',
  en: 'Raise that limit of the job, or drop the label or metric with metric_relabel_configs.',
};

const LOOK_AT_SPACE = {
  zh: '请在“指标 → 谁占用空间”查看是哪些指标和标签，用那里给出的规则删除它们；确有需要时再提高上限。',
  en: 'See under Metrics → Who uses the space which metrics and labels they are, and drop them with the rule given there; raise the limit only if they are wanted.',
};

/** Expected failures of the area `collect`: one for each way in which a scrape can fail. */
export const collectErrors = defineErrors({
  SCRAPE_BAD_ADDRESS: {
    message: {
      zh: '“{address}”不是可以访问的地址，无法采集。',
      en: '"{address}" is no address that can be asked, so it cannot be scraped.',
    },
    hint: {
      zh: '请用正确的地址重新添加该主机，再删除这一台；由文件列出的目标请在文件中改正。',
      en: 'Add the host anew with the right address and remove this one; correct the file if one lists the target.',
    },
  },
  SCRAPE_NAME_UNKNOWN: {
    message: {
      zh: '无法解析主机名“{name}”。',
      en: 'The host name "{name}" cannot be resolved.',
    },
    hint: {
      zh: '请检查名称的拼写、本机 hosts 文件或站点的名称服务器，或者改用 IP 地址。',
      en: 'Check the spelling, the hosts file of this machine or the name server of the site, or use an IP address.',
    },
  },
  SCRAPE_NAME_TIMEOUT: {
    message: {
      zh: '{seconds} 秒内没有解析出主机名“{name}”：名称服务器没有应答。',
      en: 'The host name "{name}" was not resolved within {seconds} s: the name server does not answer.',
    },
    hint: {
      zh: '请检查本机的名称服务器设置，或者在 hosts 文件中写入该主机，或者改用 IP 地址。',
      en: 'Check the name server settings of this machine, enter the host in its hosts file, or use an IP address.',
    },
  },
  SCRAPE_NO_ROUTE: {
    message: {
      zh: '没有通往 {address} 的网络路径。',
      en: 'There is no network path to {address}.',
    },
    hint: {
      zh: '请检查本机网络、交换机与路由，以及主机是否开机。',
      en: 'Check the network of this machine, the switch and the route, and whether the host is on.',
    },
  },
  SCRAPE_REFUSED: {
    message: {
      zh: '{address} 拒绝连接：该端口上没有程序在监听。',
      en: '{address} refuses the connection: nothing listens on that port.',
    },
    hint: {
      zh: '请在该主机上启动导出器，或者更正端口。',
      en: 'Start the exporter on that host, or correct the port.',
    },
  },
  SCRAPE_CONNECT_TIMEOUT: {
    message: {
      zh: '{seconds} 秒内没有连上 {address}。',
      en: 'No connection to {address} within {seconds} s.',
    },
    hint: {
      zh: '主机可能已关机，或者防火墙丢弃了连接。请检查主机与防火墙。',
      en: 'The host may be off, or a firewall drops the connection. Check both.',
    },
  },
  SCRAPE_TIMEOUT: {
    message: {
      zh: '{url} 没有在 {seconds} 秒内答完。',
      en: '{url} did not finish its answer within {seconds} s.',
    },
    hint: {
      zh: '主机可能过载。请在主机上查看导出器，或者提高该目标的超时时间。',
      en: 'The host may be overloaded. Look at the exporter there, or raise the timeout of this target.',
    },
  },
  SCRAPE_RESET: {
    message: {
      zh: '{address} 中断了连接，没有给出应答。',
      en: '{address} broke the connection without an answer.',
    },
    hint: LOOK_AT_HOST,
  },
  SCRAPE_CUT_SHORT: {
    message: {
      zh: '{url} 的应答没有传完就中断了。',
      en: 'The answer of {url} ended before it was complete.',
    },
    hint: LOOK_AT_HOST,
  },
  SCRAPE_CONNECTION_FAILED: {
    message: {
      zh: '与 {address} 的连接失败：{why}',
      en: 'The connection to {address} failed: {why}',
    },
    hint: LOOK_AT_HOST,
  },
  SCRAPE_TLS_UNTRUSTED: {
    message: {
      zh: '{address} 的证书不是由受信任的机构签发的。',
      en: 'The certificate of {address} was not issued by an authority that is trusted here.',
    },
    hint: {
      zh: '请为该目标指定签发其证书的 CA 文件。',
      en: 'Give this target the CA file that issued its certificate.',
    },
  },
  SCRAPE_TLS_WRONG_NAME: {
    message: {
      zh: '{address} 出示的证书属于另一个名称。',
      en: '{address} shows a certificate that belongs to another name.',
    },
    hint: {
      zh: '请核对地址；若证书是按另一个名称签发的，请填写该目标的“服务器名称”。',
      en: 'Check the address; if the certificate was issued for another name, enter it as the server name of the target.',
    },
  },
  SCRAPE_TLS_EXPIRED: {
    message: {
      zh: '{address} 的证书已过期或尚未生效。',
      en: 'The certificate of {address} has expired or is not valid yet.',
    },
    hint: {
      zh: '请核对两台机器的时钟，然后更换该主机的证书。',
      en: 'Compare the clocks of both machines, then renew the certificate of that host.',
    },
  },
  SCRAPE_TLS_CLIENT_REFUSED: {
    message: {
      zh: '{address} 要求客户端证书，或者不接受给出的客户端证书。',
      en: '{address} asks for a client certificate, or does not accept the one it was given.',
    },
    hint: LOOK_AT_TLS,
  },
  SCRAPE_TLS_FAILED: {
    message: {
      zh: '与 {address} 的加密连接没有建立：{why}',
      en: 'The encrypted connection to {address} failed: {why}',
    },
    hint: {
      zh: '该端口可能只提供不加密的 HTTP，或者要求客户端证书：请核对协议与证书。',
      en: 'That port may speak plain HTTP, or ask for a client certificate: check scheme and certificates.',
    },
  },
  SCRAPE_TLS_FILE: {
    message: {
      zh: '证书或密钥文件不可用：{why}',
      en: 'A certificate or key file cannot be used: {why}',
    },
    hint: LOOK_AT_TLS,
  },
  SCRAPE_UNAUTHORIZED: {
    message: {
      zh: '{url} 拒绝了登录（HTTP {status}）。',
      en: '{url} refuses the login (HTTP {status}).',
    },
    hint: {
      zh: '请核对该目标的用户名、密码或令牌。',
      en: 'Check the user name, password or token of this target.',
    },
  },
  SCRAPE_NOT_FOUND: {
    message: {
      zh: '{url} 不存在（HTTP 404）。',
      en: '{url} does not exist (HTTP 404).',
    },
    hint: {
      zh: '请核对该目标的路径，通常是 /metrics。',
      en: 'Check the path of this target; it usually is /metrics.',
    },
  },
  SCRAPE_HTTP_STATUS: {
    message: {
      zh: '{url} 应答了错误 HTTP {status}。',
      en: '{url} answered with the error HTTP {status}.',
    },
    hint: {
      zh: '请在该主机上查看导出器的日志。',
      en: 'Look at the log of the exporter on that host.',
    },
  },
  SCRAPE_NOT_HTTP: {
    message: {
      zh: '{address} 应答的不是 HTTP。',
      en: 'What {address} answers is not HTTP.',
    },
    hint: {
      zh: '请核对端口，以及协议是 http 还是 https。',
      en: 'Check the port, and whether the scheme is http or https.',
    },
  },
  SCRAPE_HTML: {
    message: {
      zh: '{url} 应答的是网页，不是指标。',
      en: 'What {url} answers is a web page, not metrics.',
    },
    hint: {
      zh: '请核对端口与路径；路径通常是 /metrics。它也可能是登录页面。',
      en: 'Check port and path; the path usually is /metrics. It may also be a login page.',
    },
  },
  SCRAPE_TOO_BIG: {
    message: {
      zh: '{url} 的应答超过了 {limit} 的上限，已中断。',
      en: 'The answer of {url} is larger than the limit of {limit} and was cut off.',
    },
    hint: {
      zh: '请检查该目标是否真是导出器；若确实需要，请提高它的 body_size_limit。',
      en: 'Check that the target really is an exporter; if it is, raise its body_size_limit.',
    },
  },
  SCRAPE_BAD_ENCODING: {
    message: {
      zh: '{url} 的应答使用了没有请求过的压缩方式“{encoding}”。',
      en: 'The answer of {url} is compressed in a way that was not asked for: "{encoding}".',
    },
    hint: {
      zh: '控制台只请求 gzip。请检查该主机前面的代理。',
      en: 'The console asks for gzip only. Check the proxy in front of that host.',
    },
  },
  SCRAPE_BAD_GZIP: {
    message: {
      zh: '{url} 的 gzip 数据已损坏。',
      en: 'The gzip data of {url} is damaged.',
    },
    hint: LOOK_AT_HOST,
  },
  SCRAPE_REDIRECT_LOOP: {
    message: {
      zh: '{url} 重定向超过 {limit} 次。',
      en: '{url} redirects more than {limit} times.',
    },
    hint: {
      zh: '请直接填写最终的路径。',
      en: 'Enter the final path itself.',
    },
  },
  SCRAPE_REDIRECT_ELSEWHERE: {
    message: {
      zh: '{url} 要求转到另一台主机“{to}”，控制台没有跟随。',
      en: '{url} redirects to another host, "{to}"; the console did not follow.',
    },
    hint: {
      zh: '控制台只与被告知的主机通信。若确有需要，请把那台主机作为目标添加。',
      en: 'The console speaks only to hosts it was told to poll. Add that host as a target if it is wanted.',
    },
  },
  SCRAPE_SECRET_UNREADABLE: {
    message: {
      zh: '无法读取密码或令牌文件 {file}：{why}',
      en: 'The password or token file {file} cannot be read: {why}',
    },
    hint: {
      zh: '请核对路径与文件权限。',
      en: 'Check its path and permissions.',
    },
  },
  LABEL_LIMIT_EXCEEDED: {
    message: {
      zh: '指标 {metric} 有 {found} 个标签，超过 label_limit 的 {limit} 个。整次采集已丢弃。',
      en: 'The metric {metric} has {found} labels, more than the label_limit of {limit}. The whole scrape was discarded.',
    },
    hint: RAISE_OR_DROP,
  },
  LABEL_NAME_TOO_LONG: {
    message: {
      zh: '指标 {metric} 的标签名“{label}”有 {found} 字节，超过 label_name_length_limit 的 {limit}。整次采集已丢弃。',
      en: 'The label name "{label}" of the metric {metric} has {found} bytes, more than the label_name_length_limit of {limit}. The whole scrape was discarded.',
    },
    hint: RAISE_OR_DROP,
  },
  LABEL_VALUE_TOO_LONG: {
    message: {
      zh: '指标 {metric} 的标签“{label}”的值有 {found} 字节，超过 label_value_length_limit 的 {limit}。整次采集已丢弃。',
      en: 'The value of the label "{label}" of the metric {metric} has {found} bytes, more than the label_value_length_limit of {limit}. The whole scrape was discarded.',
    },
    hint: RAISE_OR_DROP,
  },
  SERIES_TEXT_TOO_LONG: {
    message: {
      zh: '指标 {metric} 的标签共有 {found} 个字符，超过控制台的上限 {limit}。整次采集已丢弃。',
      en: 'The labels of the metric {metric} have {found} characters, more than the console takes ({limit}). The whole scrape was discarded.',
    },
    hint: {
      zh: '这样长的文字不是标签：请在导出器中去掉它，或者用 metric_relabel_configs 删除该指标。',
      en: 'Text of that length is no label: remove it in the exporter, or drop the metric with metric_relabel_configs.',
    },
  },
  SAMPLE_NAME_LOST: {
    message: {
      zh: '重新标记规则去掉了指标名（{labels}）。整次采集已丢弃。',
      en: "A relabelling rule takes the metric's name away ({labels}). The whole scrape was discarded.",
    },
    hint: {
      zh: '要删除样本请使用动作 drop；labelkeep 与 labeldrop 必须保留 __name__。',
      en: 'Use the action drop to drop samples; labelkeep and labeldrop must leave __name__.',
    },
  },
  SAMPLE_LABELS_INVALID: {
    message: {
      zh: '重新标记规则得出的名称“{name}”不合法。整次采集已丢弃。',
      en: 'A relabelling rule makes the name "{name}", which is not valid. The whole scrape was discarded.',
    },
    hint: {
      zh: '请更正该任务的 metric_relabel_configs，然后重新导入。',
      en: 'Correct metric_relabel_configs of the job, then import again.',
    },
  },
  TARGET_SERIES_LIMIT: {
    message: {
      zh: '采集目标返回的序列超过每个目标的上限 {limit}。整次采集已丢弃，其余目标不受影响。',
      en: 'The target answered with more series than one target may have ({limit}). The whole scrape was discarded; all other targets go on.',
    },
    hint: LOOK_AT_SPACE,
  },
  SERIES_LIMIT_REACHED: {
    message: {
      zh: '全站序列已达到上限 {limit}：已有的序列继续记录，新的序列不再接收。',
      en: 'The site has reached its limit of {limit} series: known ones go on, new ones are not taken.',
    },
    hint: LOOK_AT_SPACE,
  },
  TARGET_LINES_LIMIT: {
    message: {
      zh: '采集目标返回的内容超过 {limit} 行。整次采集已丢弃，其余目标不受影响。',
      en: 'The target answered with more than {limit} lines. The whole scrape was discarded; all other targets go on.',
    },
    hint: {
      zh: '请检查该目标是否真是导出器；若确实需要，请在“指标 → 谁占用空间”提高每个目标的上限。',
      en: 'Check that the target really is an exporter; if it is, raise the limit of one target under Metrics → Who uses the space.',
    },
  },
  TARGET_SERIES_CHURN: {
    message: {
      zh: '该目标的序列每次都在变化，近几小时内已超过 {limit} 个。整次采集已丢弃，其余目标不受影响。',
      en: 'The series of the target keep changing: more than {limit} within the last hours. The whole scrape was discarded; all other targets go on.',
    },
    hint: LOOK_AT_SPACE,
  },
  WORKSTATION_UNREADABLE: {
    message: {
      zh: '无法读取本机的运行数据：{why}',
      en: 'The figures of this workstation cannot be read: {why}',
    },
    hint: {
      zh: '其余目标继续采集。请在“设置 → 关于”导出诊断信息。',
      en: 'All other targets go on being scraped. Export the diagnostics under Settings → About.',
    },
  },
  PROC_ANSWER_CUT: {
    message: {
      zh: '主机的回答不完整（{bytes} 字节），没有采用其中任何数值。',
      en: "The host's answer was cut off ({bytes} bytes); none of its figures is used.",
    },
    hint: {
      zh: '检查该登录用户能否读取 /proc，以及主机上是否有 sh、cat、date、stat。',
      en: 'Check that this user may read /proc, and that the host has sh, cat, date and stat.',
    },
  },
});
