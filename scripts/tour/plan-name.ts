import type { Language } from '#shared/contract/shell.ts';

/** The name of the plan that a pass makes and restores from. */
export function planName(language: Language): string {
  return language === 'zh-CN' ? '核心数据' : 'core-data';
}
