import { defineErrors } from '../define.ts';

const WILL_TRY_AGAIN = {
  zh: '通知已存盘，会自动重试；其他渠道不受影响。请在“告警 → 通知渠道”中查看设置并发送测试。',
  en: 'The notice is on the disk and is tried again by itself; other channels are not affected. Look at the settings under Alerts → Channels and send a test.',
};

const WILL_NOT = {
  zh: '重试不会有结果，因此不再重试。请在“告警 → 通知渠道”中更正设置，再发送测试。',
  en: 'Trying again would not help, so it is not done. Correct the settings under Alerts → Channels, then send a test.',
};

/** Expected failures of the area `channels`. */
export const channelsErrors = defineErrors({
  CHANNEL_REFUSED: {
    message: { zh: '“{where}”拒绝了通知：{answer}', en: '"{where}" refused the notice: {answer}' },
    hint: WILL_NOT,
  },
  CHANNEL_NOT_NOW: {
    message: {
      zh: '“{where}”暂时没有接收通知：{answer}',
      en: '"{where}" has not taken the notice for now: {answer}',
    },
    hint: WILL_TRY_AGAIN,
  },
  CHANNEL_UNREACHABLE: {
    message: { zh: '无法联系“{where}”：{why}', en: '"{where}" cannot be reached: {why}' },
    hint: WILL_TRY_AGAIN,
  },
  CHANNEL_TIMEOUT: {
    message: {
      zh: '“{where}”在 {seconds} 秒内没有完成（{step}）。',
      en: '"{where}" was not done within {seconds} s ({step}).',
    },
    hint: WILL_TRY_AGAIN,
  },
  CHANNEL_TLS: {
    message: {
      zh: '与“{where}”的加密连接失败：{why}',
      en: 'The encrypted connection to "{where}" failed: {why}',
    },
    hint: {
      zh: '请检查 CA 证书文件、服务器名称与有效期。通知已存盘，更正后会自动重试。',
      en: 'Check the CA file, the name in the certificate and its dates. The notice is on the disk and is tried again by itself.',
    },
  },
  CHANNEL_LOGIN_REFUSED: {
    message: { zh: '“{where}”拒绝了登录：{answer}', en: '"{where}" refused the login: {answer}' },
    hint: {
      zh: '请检查用户名与密码文件。通知已存盘，更正后会自动重试。',
      en: 'Check the user name and the password file. The notice is on the disk and is tried again by itself.',
    },
  },
  CHANNEL_LOGIN_UNENCRYPTED: {
    message: {
      zh: '未加密的连接上不发送密码。',
      en: 'A password is not sent over a connection that is not encrypted.',
    },
    hint: {
      zh: '请选择 STARTTLS 或 TLS，或去掉登录。仅当中继在本机（localhost）时例外。',
      en: 'Choose STARTTLS or TLS, or leave the login out. Only a relay on this machine (localhost) is an exception.',
    },
  },
  CHANNEL_COMMAND_FAILED: {
    message: { zh: '命令“{command}”失败：{how}', en: 'The command "{command}" failed: {how}' },
    hint: WILL_TRY_AGAIN,
  },
  CHANNEL_NO_DESKTOP: {
    message: {
      zh: '引擎没有桌面窗口（以 hmtt serve 方式运行），无处弹出通知。',
      en: 'The engine has no desktop (it runs as hmtt serve), so there is nowhere to show a notice.',
    },
    hint: {
      zh: '请添加邮件、Webhook 等其他渠道，或打开桌面控制台。',
      en: 'Add another channel such as e-mail or a webhook, or open the desktop console.',
    },
  },
  CHANNEL_DESKTOP_SILENT: {
    message: { zh: '桌面没有显示通知：{why}', en: 'The desktop has not shown the notice: {why}' },
    hint: WILL_TRY_AGAIN,
  },
  CHANNEL_UNKNOWN: {
    message: { zh: '通知渠道“{id}”已不存在。', en: 'The channel "{id}" does not exist any more.' },
    hint: {
      zh: '请在“告警 → 路由”中为接收人选择现有的渠道。',
      en: 'Choose a channel that exists for the receiver, under Alerts → Routes.',
    },
  },
  CHANNEL_OFF: {
    message: { zh: '通知渠道“{name}”已停用。', en: 'The channel "{name}" is switched off.' },
    hint: { zh: '可在“告警 → 通知渠道”中启用。', en: 'Switch it on under Alerts → Channels.' },
  },
  CHANNEL_NO_ADDRESSEE: {
    message: {
      zh: '邮件渠道“{name}”没有收件人，路由也没有指定。',
      en: 'The e-mail channel "{name}" has no addressee, and the route names none.',
    },
    hint: {
      zh: '请在渠道设置中填写收件人，或让路由指定联系人。',
      en: 'Give the channel an addressee, or let the route name a contact.',
    },
  },
  CHANNEL_BAD_ADDRESSEE: {
    message: { zh: '“{to}”不是邮件地址。', en: '"{to}" is not an e-mail address.' },
    hint: WILL_NOT,
  },
  CHANNEL_GAVE_UP: {
    message: {
      zh: '“{name}”在 {age} 内一直没有送达，已放弃这条通知：{why}',
      en: '"{name}" could not be told for {age}; this notice was given up: {why}',
    },
    hint: {
      zh: '请在“告警 → 通知渠道”中排除故障；期限也在那里设置。告警本身仍在列表中。',
      en: 'Put the channel right under Alerts → Channels, where the limit is set, too. The alert itself is still in the list.',
    },
  },
  CHANNEL_QUEUE_FULL: {
    message: {
      zh: '“{name}”的队列已满（{limit} 条），最旧的通知被放弃。',
      en: 'The queue of "{name}" was full ({limit}); its oldest notice was given up.',
    },
    hint: {
      zh: '请恢复该渠道。告警本身仍在列表中。',
      en: 'Bring the channel back. The alert itself is still in the list.',
    },
  },
  CHANNEL_NAME_TAKEN: {
    message: { zh: '已有名为“{name}”的通知渠道。', en: 'There is a channel named "{name}" already.' },
    hint: { zh: '请换一个名称。', en: 'Take another name.' },
  },
  CHANNEL_TYPE_FIXED: {
    message: {
      zh: '渠道“{name}”的类型不能更改。',
      en: 'The type of the channel "{name}" cannot be changed.',
    },
    hint: { zh: '请新建一个渠道。', en: 'Add a channel of the other type instead.' },
  },
  CHANNEL_DESKTOP_FIXED: {
    message: {
      zh: '桌面渠道只有一个，不能添加或删除。',
      en: 'There is exactly one desktop channel; it can neither be added nor removed.',
    },
    hint: { zh: '可以将它停用。', en: 'It can be switched off.' },
  },
  OUTBOX_UNWRITABLE: {
    message: { zh: '通知无法存盘：{why}', en: 'A notice cannot be written to the disk: {why}' },
    hint: {
      zh: '请检查数据目录的剩余空间与权限。',
      en: 'Check the free space and the permissions of the data folder.',
    },
  },
  CONTACT_IN_USE: {
    message: {
      zh: '“{name}”仍在值班表“{rota}”中。',
      en: '"{name}" is still in the rota "{rota}".',
    },
    hint: { zh: '请先从值班表中移除。', en: 'Take the person out of the rota first.' },
  },
  CONTACT_NAME_TAKEN: {
    message: { zh: '已有名为“{name}”的联系人。', en: 'There is a contact named "{name}" already.' },
    hint: { zh: '请换一个名称。', en: 'Take another name.' },
  },
  ROTA_NAME_TAKEN: {
    message: { zh: '已有名为“{name}”的值班表。', en: 'There is a rota named "{name}" already.' },
    hint: { zh: '请换一个名称。', en: 'Take another name.' },
  },
  ROTA_UNKNOWN_CONTACT: {
    message: {
      zh: '值班表“{name}”中有不存在的联系人。',
      en: 'The rota "{name}" names a contact that does not exist.',
    },
    hint: { zh: '请重新选择人员；没有做任何更改。', en: 'Choose the people again; nothing was changed.' },
  },
});
