import type { BrowserWindow, MenuItemConstructorOptions } from 'electron';
import type { Language } from '#shared/contract/shell.ts';
import { type ShellText, say } from './texts.ts';

/** What the native menu does besides what Electron's roles do. */
export type MenuActions = {
  readonly quit: () => void;
  readonly navigate: (to: string) => void;
  readonly zoom: (step: number | null) => void;
};

/** The native menu in the operator's language. */
export function menuTemplate(
  language: Language,
  actions: MenuActions,
  options: { readonly mac: boolean; readonly devTools: boolean },
): MenuItemConstructorOptions[] {
  const text = (key: ShellText): string => say(key, language);
  const contentsOf = (window: unknown) => (window as BrowserWindow | undefined)?.webContents;
  const file: MenuItemConstructorOptions[] = [
    { label: text('menuClose'), role: 'close' },
    { type: 'separator' },
    { label: text('menuQuit'), accelerator: 'CommandOrControl+Q', click: actions.quit },
  ];
  const edit: MenuItemConstructorOptions[] = [
    { label: text('menuUndo'), role: 'undo' },
    { label: text('menuRedo'), role: 'redo' },
    { type: 'separator' },
    { label: text('menuCut'), role: 'cut' },
    { label: text('menuCopy'), role: 'copy' },
    { label: text('menuPaste'), role: 'paste' },
    { label: text('menuSelectAll'), role: 'selectAll' },
  ];
  const view: MenuItemConstructorOptions[] = [
    {
      label: text('menuBack'),
      accelerator: options.mac ? 'Command+[' : 'Alt+Left',
      click: (_item, window) => contentsOf(window)?.navigationHistory.goBack(),
    },
    {
      label: text('menuForward'),
      accelerator: options.mac ? 'Command+]' : 'Alt+Right',
      click: (_item, window) => contentsOf(window)?.navigationHistory.goForward(),
    },
    { label: text('menuReload'), accelerator: 'F5', click: (_item, window) => contentsOf(window)?.reload() },
    { type: 'separator' },
    { label: text('menuZoomReset'), accelerator: 'CommandOrControl+0', click: () => actions.zoom(null) },
    { label: text('menuZoomIn'), accelerator: 'CommandOrControl+Plus', click: () => actions.zoom(0.5) },
    { label: text('menuZoomOut'), accelerator: 'CommandOrControl+-', click: () => actions.zoom(-0.5) },
    { type: 'separator' },
    { label: text('menuFullScreen'), role: 'togglefullscreen' },
    ...(options.devTools ? [{ label: text('menuDevTools'), role: 'toggleDevTools' as const }] : []),
  ];
  const help: MenuItemConstructorOptions[] = [
    { label: text('menuHelpOpen'), click: () => actions.navigate('/help') },
    { label: text('menuAbout'), click: () => actions.navigate('/settings') },
  ];
  return [
    ...(options.mac ? [{ role: 'appMenu' as const }] : []),
    { label: text('menuFile'), submenu: file },
    { label: text('menuEdit'), submenu: edit },
    { label: text('menuView'), submenu: view },
    { label: text('menuHelp'), role: 'help', submenu: help },
  ];
}
