import { defineErrors } from '../define.ts';

/** Expected failures of dashboards and their reports. */
export const dashboardErrors = defineErrors({
  DASHBOARD_INVALID: {
    message: {
      zh: '仪表板文件有误，第 {line} 行第 {column} 列：{why}。未做任何更改。',
      en: 'The dashboard file is not valid, line {line}, column {column}: {why}. Nothing was changed.',
    },
    hint: {
      zh: '请改正该处后重试；可导入本控制台的仪表板文件，以及 Grafana 9 至 12 导出的 JSON。',
      en: 'Correct it there and try again. Files of this console and JSON exported by Grafana 9 to 12 are taken.',
    },
  },
  DASHBOARD_TOO_LARGE: {
    message: {
      zh: '仪表板过大：{what} 为 {found}，上限为 {limit}。未做任何更改。',
      en: 'The dashboard is too large: {found} {what}, where {limit} is the limit. Nothing was changed.',
    },
    hint: { zh: '请把它拆成几个仪表板。', en: 'Split it into several dashboards.' },
  },
  DASHBOARD_CHANGED: {
    message: {
      zh: '仪表板“{title}”在此期间已由 {who} 保存为第 {version} 版，本次更改未保存。',
      en: 'The dashboard "{title}" was meanwhile saved by {who} as version {version}; this change was not saved.',
    },
    hint: {
      zh: '请重新打开后再改，或另存为副本；两个版本都在版本列表中。',
      en: 'Open it again and repeat the change, or save yours as a copy.',
    },
  },
  DASHBOARD_BUILT_IN: {
    message: {
      zh: '仪表板“{title}”随控制台提供，不能改写。',
      en: 'The dashboard "{title}" comes with the console and cannot be changed.',
    },
    hint: { zh: '请复制一份再修改。', en: 'Copy it, and change the copy.' },
  },
  DASHBOARD_TAKEN: {
    message: {
      zh: '标识 {uid} 已属于仪表板“{title}”，没有导入。',
      en: 'The uid {uid} belongs to the dashboard "{title}" already; nothing was imported.',
    },
    hint: {
      zh: '选择“作为新版本”替换它的内容，或“作为副本”另外导入。',
      en: 'Import it as a new version of that dashboard, or as a copy with a uid of its own.',
    },
  },
  DASHBOARDS_FULL: {
    message: {
      zh: '仪表板数量已达上限 {limit}。',
      en: 'There are {limit} dashboards already, which is the limit.',
    },
    hint: { zh: '请删除不再使用的仪表板。', en: 'Remove dashboards that nobody uses.' },
  },
  REPORT_SCHEDULE_INVALID: {
    message: {
      zh: '报表的定时表达式“{schedule}”无效：{why}',
      en: 'The schedule "{schedule}" of the report is not valid: {why}',
    },
    hint: {
      zh: '请按“分 时 日 月 周”填写，例如 0 7 * * 1-5 表示工作日 7:00。',
      en: 'Write minute, hour, day, month and weekday, e.g. 0 7 * * 1-5 for 7:00 on working days.',
    },
  },
  REPORT_RANGE_INVALID: {
    message: { zh: '报表的时间范围无效：{why}', en: 'The time range of the report is not valid: {why}' },
    hint: { zh: '例如 now-24h 到 now。', en: 'For example now-24h to now.' },
  },
  REPORT_FOLDER_UNUSABLE: {
    message: {
      zh: '报表文件夹 {folder} 不可用：{why}',
      en: 'The folder {folder} for reports cannot be used: {why}',
    },
    hint: {
      zh: '请选择一个已存在、可写的文件夹；移动介质须先接上。',
      en: 'Choose a folder that exists and can be written; a removable medium must be attached.',
    },
  },
  REPORT_NO_WINDOW: {
    message: {
      zh: '没有可用于排版 PDF 的桌面程序：控制台目前以命令行方式运行。',
      en: 'There is no desktop program to lay the PDF out: the console runs from the command line at present.',
    },
    hint: {
      zh: '请在桌面上启动控制台；错过的报表会补做一次。',
      en: 'Start the console on the desktop; a report that was missed is made up for once.',
    },
  },
  REPORT_TIMED_OUT: {
    message: {
      zh: '桌面程序在 {seconds} 秒内没有交出 PDF。',
      en: 'The desktop program did not hand the PDF over within {seconds} s.',
    },
    hint: { zh: '请缩短报表的时间范围后重试。', en: 'Shorten the span of the report and try again.' },
  },
  REPORT_RUNNING: {
    message: { zh: '报表“{name}”正在生成。', en: 'The report "{name}" is being made already.' },
    hint: { zh: '请等待它完成。', en: 'Wait until it is done.' },
  },
});
