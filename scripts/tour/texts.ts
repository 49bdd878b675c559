import type { Language } from '#shared/contract/shell.ts';
import { en } from '../../renderer/locales/en/index.ts';
import { zhCN } from '../../renderer/locales/zh-CN/index.ts';

/** The texts of a pass's language. */
export const texts = (language: Language): typeof zhCN => (language === 'zh-CN' ? zhCN : en);
