import { defineErrors } from '../define.ts';

/** Expected failures of routes, silences and notices. */
export const notifyErrors = defineErrors({
  NOTIFY_CONFIG_CHANGED: {
    message: { zh: '通知配置在此期间已被修改', en: 'The notification settings were changed in the meantime' },
    hint: { zh: '重新打开配置，再做一次改动。', en: 'Open them again and repeat the change.' },
  },
  NOTIFY_CONFIG_WRONG: {
    message: {
      zh: '通知配置有 {count} 处错误，未采用',
      en: 'The notification settings have {count} mistakes and were not taken',
    },
    hint: {
      zh: '每处错误都已列出；改正后再试，原配置仍然有效。',
      en: 'Each is listed; correct them. What was in force stays so.',
    },
  },
  NOTIFY_EXPRESSION: {
    message: {
      zh: '正则表达式“{expression}”有误：{why}',
      en: 'The expression "{expression}" is wrong: {why}',
    },
    hint: {
      zh: '使用 RE2 语法；要匹配固定的值时用 = 而不是 =~。',
      en: 'Use the syntax of RE2; for a plain value use = instead of =~.',
    },
  },
  NOTIFY_MATCHER: {
    message: { zh: '条件“{text}”有误：{why}', en: 'The condition "{text}" is wrong: {why}' },
    hint: {
      zh: '写成 标签=值、标签!=值、标签=~"表达式" 或 标签!~"表达式"。',
      en: 'Write label=value, label!=value, label=~"expression" or label!~"expression".',
    },
  },
  NOTIFY_MATCHES_ALL: {
    message: { zh: '这些条件会匹配所有告警', en: 'These conditions would mean every alert' },
    hint: {
      zh: '至少写一个不匹配空值的条件，例如 host="app-1"。',
      en: 'Give at least one that an empty value does not satisfy, such as host="app-1".',
    },
  },
  NOTIFY_SCHEDULE: {
    message: { zh: '维护时间有误：{why}', en: 'The schedule of the maintenance is wrong: {why}' },
    hint: { zh: '例如 0 2 * * 0：每周日 02:00 开始。', en: 'E.g. 0 2 * * 0: begins every Sunday at 02:00.' },
  },
  NOTIFY_SILENCE_LONG: {
    message: { zh: '静默最长一年', en: 'A silence lasts a year at most' },
    hint: {
      zh: '长期不想收到的告警，请改路由或规则。',
      en: 'Change the route or the rule of alerts that nobody wants for so long.',
    },
  },
  NOTIFY_SPAN: {
    message: {
      zh: '结束时间必须晚于现在和开始时间',
      en: 'The end must be later than now and than the beginning',
    },
    hint: { zh: '检查日期与时间。', en: 'Check the dates and times.' },
  },
  NOTIFY_IMPORT_WRONG: {
    message: {
      zh: 'alertmanager.yml 有 {count} 处错误，未导入',
      en: 'alertmanager.yml has {count} mistakes; nothing was imported',
    },
    hint: {
      zh: '每处错误都已列出行号；改正后重新导入。',
      en: 'Each is listed with its line; correct them and import again.',
    },
  },
});
