import { defineErrors } from '../define.ts';

const LOOK_AT_SERVER = {
  zh: '请检查服务器是否运行、地址与登录信息是否正确。数据留在本机队列中，会自动重试。',
  en: 'Check that the server runs, and its address and login. The data waits in the queue here and is sent again by itself.',
};

const LOOK_AT_SOURCE = {
  zh: '请在“设置 → 远程”中检查服务器，或改回读取本机数据。告警始终使用本机数据，不受影响。',
  en: 'Check the server under Settings → Remote, or read local data again. Alerts always use local data and are not affected.',
};

/** Expected failures of the area `remote`. */
export const remoteErrors = defineErrors({
  REMOTE_UNREACHABLE: {
    message: { zh: '无法访问 {url}：{why}', en: '{url} cannot be reached: {why}' },
    hint: LOOK_AT_SERVER,
  },
  REMOTE_BUSY: {
    message: {
      zh: '{url} 暂时不接收数据（HTTP {status}）：{why}',
      en: '{url} does not take data at present (HTTP {status}): {why}',
    },
    hint: LOOK_AT_SERVER,
  },
  REMOTE_REFUSED: {
    message: {
      zh: '{url} 拒绝了数据（HTTP {status}）：{why}',
      en: '{url} refused the data (HTTP {status}): {why}',
    },
    hint: {
      zh: '重试不会有结果，被拒绝的样本已略去并计数。常见原因：登录无效、地址不是写入地址，或服务器已有更新的样本。',
      en: 'Sending it again would not help, so the refused samples are left out and counted. Usual reasons: a wrong login, an address that is not that of remote write, or newer samples that the server already has.',
    },
  },
  REMOTE_GAVE_UP: {
    message: {
      zh: '发往“{name}”的积压超过上限，已放弃最旧的 {count} 个样本。',
      en: 'What waited for "{name}" passed its bound; the oldest {count} samples were given up.',
    },
    hint: {
      zh: '本机仍保留这些数据，只是不再发送。请恢复服务器，或在“设置 → 远程”中提高上限。',
      en: 'They are still stored here, they are only not sent any more. Bring the server back, or raise the bound under Settings → Remote.',
    },
  },
  REMOTE_QUEUE_FAILED: {
    message: {
      zh: '待发送的数据无法写入磁盘：{why}',
      en: 'The data that waits to be sent cannot be written to the disk: {why}',
    },
    hint: {
      zh: '请检查数据目录的剩余空间与权限。采集不受影响。',
      en: 'Check the free space and the permissions of the data folder. Scraping is not affected.',
    },
  },
  REMOTE_QUEUE_UNREADABLE: {
    message: {
      zh: '待发送的数据无法读取：{why}。稍后会自动再试。',
      en: 'The data that waits to be sent cannot be read: {why}. It is tried again by itself.',
    },
    hint: {
      zh: '请检查磁盘健康与数据目录的权限。采集不受影响。',
      en: 'Check the health of the disk and the permissions of the data folder. Scraping is not affected.',
    },
  },
  REMOTE_QUEUE_DAMAGED: {
    message: {
      zh: '队列文件 {file} 已损坏：{why}。该文件已改名搁置，其余数据照常发送。',
      en: 'The queue file {file} is damaged: {why}. It was set aside under another name; everything else is sent.',
    },
    hint: {
      zh: '请检查磁盘健康。本机的指标数据不受影响。',
      en: 'Check the health of the disk. The metrics stored here are not affected.',
    },
  },
  REMOTE_NAME_TAKEN: {
    message: { zh: '已有名为“{name}”的远程写入。', en: 'There is a remote write named "{name}" already.' },
    hint: { zh: '请换一个名称。', en: 'Take another name.' },
  },
  REMOTE_SOURCE_FAILED: {
    message: { zh: '无法从 {url} 读取：{why}', en: 'Reading from {url} failed: {why}' },
    hint: LOOK_AT_SOURCE,
  },
  REMOTE_SOURCE_ANSWER: {
    message: {
      zh: '{url} 的应答不是 Prometheus HTTP API 的应答：{why}。已整个拒绝。',
      en: 'What {url} answered is not an answer of the Prometheus HTTP API: {why}. It was refused whole.',
    },
    hint: LOOK_AT_SOURCE,
  },
  REMOTE_SOURCE_TOO_BIG: {
    message: {
      zh: '{url} 的应答超过 {limit}，已停止读取。',
      en: 'The answer of {url} is larger than {limit}; reading was stopped.',
    },
    hint: {
      zh: '请缩短时间范围、加大步长，或用标签把序列筛得更少。',
      en: 'Shorten the time range, widen the step, or select fewer series by labels.',
    },
  },
});
