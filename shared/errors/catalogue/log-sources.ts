import { defineErrors } from '../define.ts';

/** Expected failures of formats, receivers and remote log sources. */
export const logSourcesErrors = defineErrors({
  GROK_UNKNOWN: {
    message: {
      zh: '没有名为“{name}”的 grok 模式（表达式 {pattern}）。',
      en: 'There is no grok pattern named "{name}" (expression {pattern}).',
    },
    hint: {
      zh: '请检查拼写，或在表达式后面另起一行写“名称 模式”来定义它。',
      en: 'Check the spelling, or define it in a line after the expression: its name, then its pattern.',
    },
  },
  GROK_INVALID: {
    message: {
      zh: 'grok 表达式“{pattern}”不可用：{why}',
      en: 'The grok expression "{pattern}" cannot be used: {why}',
    },
    hint: {
      zh: '语法为 RE2，不支持环视和反向引用；引用写成 %{名称:字段}。',
      en: 'The syntax is RE2, without look-around and back-references; references are written %{NAME:field}.',
    },
  },
  LOG_RECEIVER_LISTEN: {
    message: {
      zh: '无法在 {address} 端口 {port} 接收日志：{why}',
      en: 'Logs cannot be received on {address}, port {port}: {why}',
    },
    hint: {
      zh: '端口可能被占用（514 以下需要特权），或地址不属于本机。控制台会继续尝试。',
      en: 'The port may be taken (those up to 1023 need privileges), or the address is not of this machine. The console keeps trying.',
    },
  },
  LOG_RECEIVER_TLS: {
    message: {
      zh: '接收器的 TLS 设置不可用：{why}',
      en: "The receiver's TLS settings cannot be used: {why}",
    },
    hint: {
      zh: '请给出 PEM 格式的证书和私钥文件，控制台须有读取权限。',
      en: 'Give the files of a certificate and of its key, as PEM, that the console may read.',
    },
  },
  LOG_RECEIVER_ADDRESS: {
    message: { zh: '地址或网段不可用：{why}', en: 'An address or network cannot be used: {why}' },
    hint: {
      zh: '请写成 10.0.0.5、10.0.0.0/8 或 fd00::/8。',
      en: 'Write them as 10.0.0.5, 10.0.0.0/8 or fd00::/8.',
    },
  },
  LOG_RECEIVER_WRITE: {
    message: {
      zh: '收到的日志无法写入磁盘：{why}',
      en: 'Received logs cannot be written to the disk: {why}',
    },
    hint: {
      zh: '请腾出空间。TCP 发送方会等待；UDP 报文会丢失，并计入“因磁盘丢弃”。',
      en: 'Make room. Senders over TCP wait; datagrams over UDP are lost, and counted as dropped by the disk.',
    },
  },
  LOG_RECEIVER_LOSES: {
    message: {
      zh: '接收器“{name}”丢失了日志：自启动以来 {count} 条。',
      en: 'The receiver "{name}" is losing logs: {count} since it was started.',
    },
    hint: {
      zh: '请查看接收器的计数器：速率超限、磁盘写入失败或内核丢包。改用 TCP 可避免丢失。',
      en: 'Look at its counters: rate, disk, or kernel. With TCP senders wait instead of losing.',
    },
  },
  LOG_RECEIVER_STOPPED: {
    message: { zh: '接收线程停止了：{why}', en: 'The thread that receives logs stopped: {why}' },
    hint: {
      zh: '控制台会自动重新启动它；已写入磁盘的日志不会丢失。',
      en: 'It is started again by itself; what was written to the disk is not lost.',
    },
  },
  LOG_REMOTE_COMPRESSED: {
    message: {
      zh: '{file} 在最后几行取回之前已被压缩，且过大或损坏，无法读取。',
      en: '{file} was compressed before its last lines were fetched, and is too large or damaged to be read.',
    },
    hint: {
      zh: '请在该主机的 logrotate 中使用 delaycompress，或缩短轮询间隔；其余日志照常读取。',
      en: "Use delaycompress in that host's logrotate, or ask it more often; everything else is read as usual.",
    },
  },
});
