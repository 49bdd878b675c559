import type { Language } from '#shared/contract/shell.ts';
import { type Bilingual, fillText, type TextParams } from '#shared/errors/index.ts';

/** What the desktop side says itself: menu, tray, notifications, native dialogs. The page has its own words. */
export const shellTexts = {
  appName: { zh: 'HMTT 运维控制台', en: 'HMTT Console' },

  menuFile: { zh: '文件(&F)', en: '&File' },
  menuClose: { zh: '关闭窗口', en: 'Close window' },
  menuQuit: { zh: '完全退出', en: 'Quit completely' },
  menuEdit: { zh: '编辑(&E)', en: '&Edit' },
  menuUndo: { zh: '撤销', en: 'Undo' },
  menuRedo: { zh: '重做', en: 'Redo' },
  menuCut: { zh: '剪切', en: 'Cut' },
  menuCopy: { zh: '复制', en: 'Copy' },
  menuPaste: { zh: '粘贴', en: 'Paste' },
  menuSelectAll: { zh: '全选', en: 'Select all' },
  menuView: { zh: '视图(&V)', en: '&View' },
  menuBack: { zh: '后退', en: 'Back' },
  menuForward: { zh: '前进', en: 'Forward' },
  menuReload: { zh: '重新载入窗口', en: 'Reload window' },
  menuZoomReset: { zh: '实际大小', en: 'Actual size' },
  menuZoomIn: { zh: '放大', en: 'Zoom in' },
  menuZoomOut: { zh: '缩小', en: 'Zoom out' },
  menuFullScreen: { zh: '全屏', en: 'Full screen' },
  menuDevTools: { zh: '开发者工具', en: 'Developer tools' },
  menuHelp: { zh: '帮助(&H)', en: '&Help' },
  menuHelpOpen: { zh: '使用帮助', en: 'Help' },
  menuAbout: { zh: '关于', en: 'About' },

  trayOpen: { zh: '打开控制台', en: 'Open the console' },
  trayOk: { zh: '全部正常', en: 'All normal' },
  trayFirstLook: { zh: '刚刚启动，正在做第一次检查', en: 'just started: the first check is under way' },
  trayProblems: { zh: '严重 {critical} · 警告 {warning}', en: '{critical} critical · {warning} warning' },
  trayHosts: { zh: '主机正常 {up}/{total}', en: 'hosts up {up}/{total}' },
  trayStarting: { zh: '引擎正在启动', en: 'the engine is starting' },
  trayRestarting: {
    zh: '引擎正在重新启动，此刻没有监视',
    en: 'the engine is being restarted; not watching now',
  },
  trayRefused: { zh: '引擎无法运行，没有监视', en: 'the engine cannot run; not watching' },
  trayStopped: { zh: '正在退出', en: 'quitting' },

  closeTitle: { zh: '关闭窗口后继续监控', en: 'Closing the window keeps watching' },
  closeToTray: {
    zh: '窗口关闭后，控制台留在通知区域，继续采集、收日志和执行备份。点击图标可重新打开；要停止监控，请选择“完全退出”。',
    en: 'After closing, the console stays in the notification area and goes on polling, reading logs and backing up. Click its icon to open it again; choose "Quit completely" to stop watching.',
  },
  closeToTaskbar: {
    zh: '这个桌面没有通知区域，因此关闭窗口时只会将它最小化，控制台继续采集、收日志和执行备份。要停止监控，请选择“完全退出”。',
    en: 'This desktop has no notification area, so closing the window only minimises it and the console goes on polling, reading logs and backing up. Choose "Quit completely" to stop watching.',
  },
  closeKeep: { zh: '继续监控', en: 'Keep watching' },
  closeQuit: { zh: '完全退出', en: 'Quit completely' },
  cancel: { zh: '取消', en: 'Cancel' },

  quitTitle: { zh: '有任务正在运行', en: 'A job is running' },
  quitJobs: {
    zh: '正在运行：{jobs}。现在退出会中断它；已完成的部分不会丢失。',
    en: 'Running: {jobs}. Quitting now interrupts it; what is finished is not lost.',
  },
  quitStay: { zh: '不退出', en: 'Do not quit' },
  quitAnyway: { zh: '仍然退出', en: 'Quit anyway' },

  pageGoneTitle: { zh: '窗口多次崩溃', en: 'The window crashed repeatedly' },
  pageGone: {
    zh: '窗口在一分钟内多次崩溃，已停止自动重新载入。监控和备份仍在继续。',
    en: 'The window crashed several times within a minute and is no longer reloaded by itself. Watching and backups go on.',
  },
  pageRetry: { zh: '重新载入', en: 'Reload' },

  startRefused: { zh: '无法启动', en: 'The console cannot start' },
} as const satisfies Record<string, Bilingual>;

/** A sentence of the desktop side. */
export type ShellText = keyof typeof shellTexts;

/** Picks one language of a sentence. */
export function inLanguage(text: Bilingual, language: Language): string {
  return language === 'en' ? text.en : text.zh;
}

/** A sentence of the desktop side in the operator's language, its placeholders filled. */
export function say(key: ShellText, language: Language, params: TextParams = {}): string {
  return inLanguage(fillText(shellTexts[key], params), language);
}
