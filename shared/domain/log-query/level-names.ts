import type { LogLevel } from '../../contract/logs.ts';

/** How programs spell the levels, separated by spaces. */
const LEVEL_SPELLINGS: readonly (readonly [LogLevel, string])[] = [
  ['trace', 'trace trc verbose finest finer all v 跟踪'],
  ['debug', 'debug dbg fine d debug1 debug2 debug3 debug4 debug5 调试'],
  ['info', 'info inf information informational notice note log i 信息 提示 通知'],
  ['warn', 'warn warning wrn w 警告 告警'],
  ['error', 'error err severe e eror failure 错误 异常'],
  ['fatal', 'fatal ftl crit critical alert emerg emergency panic dpanic f 致命 严重 紧急'],
];

/** Each spelling and what it means. */
export const LEVEL_BY_NAME: ReadonlyMap<string, LogLevel> = new Map(
  LEVEL_SPELLINGS.flatMap(([level, names]) => names.split(' ').map((name) => [name, level] as const)),
);

/** The level that a word of a level field means, in any of the common spellings; null when it is none. */
export function levelFromName(name: string): LogLevel | null {
  return LEVEL_BY_NAME.get(name.length <= 14 ? name.toLowerCase() : '') ?? null;
}
