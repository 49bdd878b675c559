import type { ShellApi } from '#shared/contract/shell.ts';

declare global {
  interface Window {
    /** The desktop's capabilities, put there by the preload; absent in a plain browser. */
    readonly shell?: ShellApi;
  }
}

/** The desktop's capabilities, or undefined when the page is opened in a plain browser. */
export function shell(): ShellApi | undefined {
  return window.shell;
}
