import { contextBridge } from 'electron';
import type { ShellApi } from '#shared/contract/shell.ts';
import { forwardEnginePorts, invoke, reportViolations, subscribe } from './bridge.ts';

/**
 * What the page gets of the desktop: one named method per capability, no channel, no Electron object. Inputs are
 * checked in Electron main, where the page cannot reach the checks.
 */
const shell = {
  getEnvironment: () => invoke('getEnvironment', undefined),
  setLanguage: (language) => invoke('setLanguage', language),
  setTheme: (choice) => invoke('setTheme', choice),
  chooseFolder: (options) => invoke('chooseFolder', options),
  choosePath: (options) => invoke('choosePath', options),
  chooseFile: (options) => invoke('chooseFile', options),
  saveFile: (options) => invoke('saveFile', options),
  savePdf: (options) => invoke('savePdf', options),
  documentReady: (ready) => invoke('documentReady', ready),
  printToPdf: (options) => invoke('printToPdf', options),
  copyText: (text) => invoke('copyText', text),
  setWall: (shown) => invoke('setWall', shown),
  takeScreen: (wanted) => invoke('takeScreen', wanted),
  openTraining: () => invoke('openTraining', undefined),
  quitCompletely: () => invoke('quitCompletely', undefined),
  restartEngine: () => invoke('restartEngine', undefined),
  requestEnginePort: () => invoke('requestEnginePort', undefined),
  onThemeChanged: (listener) => subscribe('theme', listener),
  onEngineState: (listener) => subscribe('engineState', listener),
  onNavigate: (listener) => subscribe('navigate', listener),
} satisfies ShellApi;

contextBridge.exposeInMainWorld('shell', shell);
forwardEnginePorts();
reportViolations();
