import type { Bilingual } from '#shared/errors/index.ts';
import { PROC_SCRIPT } from '../platform/proc-script.ts';
import { LOG_COMMANDS } from './log-commands.ts';

/** A command that the console may run on a host; nothing else is ever run. */
export type HostCommand = {
  /** As the audit trail names it. */
  readonly id: string;
  readonly title: Bilingual;
  readonly why: Bilingual;
  /** Program and arguments; `{unit}` and other names in braces stand for values that vary. */
  readonly argv: readonly string[];
  /** True when it is run by `sudo -n`. */
  readonly sudo: boolean;
  /** True when it is run by `sudo -n` where that is asked for. */
  readonly maySudo?: boolean;
  /** How long it may take; a minute when left out. */
  readonly timeoutMs?: number;
  /** True for what runs every few seconds and changes nothing: the audit trail tells of its failures only. */
  readonly isRoutine?: boolean;
};

/** A systemd unit's name, as `systemd.unit(5)` allows it; never an option. */
const UNIT = /^[A-Za-z0-9:_.@][A-Za-z0-9:_.@\\-]{0,254}$/;

/** Every command, in the order in which pages show them. */
export const HOST_COMMANDS = [
  {
    id: 'identify',
    title: { zh: '识别系统', en: 'Identify the system' },
    why: { zh: '测试登录时显示对方是什么系统。', en: 'Shows what the other side is when a login is tried.' },
    argv: ['uname', '-srm'],
    sudo: false,
  },
  {
    id: 'clock',
    title: { zh: '读取时钟', en: 'Read the clock' },
    why: { zh: '测量主机时钟与本机的偏差。', en: "Measures how far the host's clock is from this one." },
    argv: ['date', '+%s.%N'],
    sudo: false,
  },
  {
    id: 'figures',
    title: { zh: '读取运行数据', en: 'Read the figures' },
    why: {
      zh: '不安装导出器也能监控：处理器、内存、磁盘、网络。',
      en: 'Monitors a host without an exporter: processors, memory, disks, network.',
    },
    argv: ['sh', '-c', PROC_SCRIPT],
    sudo: false,
    isRoutine: true,
  },
  {
    id: 'hash',
    title: { zh: '计算文件校验和', en: 'Hash files' },
    why: {
      zh: '恢复到主机时，在主机上核对写入的内容；路径由标准输入给出。',
      en: 'A restore to the host compares there what it wrote; the paths come on standard input.',
    },
    argv: ['xargs', '-0', 'sha256sum', '-bz', '--'],
    sudo: false,
  },
  {
    id: 'service-state',
    title: { zh: '查看服务状态', en: 'See whether a service runs' },
    why: {
      zh: '停机备份前后确认服务确实停止、确实启动。',
      en: 'An offline backup makes sure that the service has stopped, and started again.',
    },
    argv: ['systemctl', 'is-active', '--', '{unit}'],
    sudo: false,
  },
  {
    id: 'service-stop',
    title: { zh: '停止服务', en: 'Stop a service' },
    why: { zh: '停机备份。', en: 'Offline backups.' },
    argv: ['systemctl', 'stop', '--', '{unit}'],
    sudo: true,
  },
  {
    id: 'service-start',
    title: { zh: '启动服务', en: 'Start a service' },
    why: { zh: '停机备份之后。', en: 'After an offline backup.' },
    argv: ['systemctl', 'start', '--', '{unit}'],
    sudo: true,
  },
  {
    id: 'service-reload',
    title: { zh: '让服务重新打开日志', en: 'Let a service open its logs anew' },
    why: {
      zh: '轮转日志之后，让服务写入新文件；服务不中断。',
      en: 'After its logs were rotated, so that it writes to the new file; it goes on running.',
    },
    argv: ['systemctl', 'reload', '--', '{unit}'],
    sudo: true,
  },
  ...LOG_COMMANDS,
] as const satisfies readonly HostCommand[];

export type HostCommandId = (typeof HOST_COMMANDS)[number]['id'];

/** True for commands of which the audit trail tells failures only. */
export function isRoutine(id: HostCommandId): boolean {
  const command: HostCommand | undefined = HOST_COMMANDS.find((one) => one.id === id);
  return command?.isRoutine === true;
}

/** What a command is run with. */
export type CommandValues = {
  /** For commands about a service. */
  readonly unit?: string;
  /** What else stands in braces, by its name there. */
  readonly values?: Readonly<Record<string, string>>;
  /** Runs it as root, if it is one that may be. */
  readonly asRoot?: boolean;
};

/**
 * The line for a host's shell: every word is quoted, so that none can be more than a word.
 *
 * @returns null when the unit's name is none, a value is missing or too many, or it must not run as root
 */
export function commandLine(id: HostCommandId, given: CommandValues = {}): string | null {
  const command: HostCommand | undefined = HOST_COMMANDS.find((one) => one.id === id);
  if (command === undefined || (given.asRoot === true && command.maySudo !== true)) return null;
  if (given.unit !== undefined && !UNIT.test(given.unit)) return null;
  const values: Readonly<Record<string, string>> = {
    ...given.values,
    ...(given.unit === undefined ? {} : { unit: given.unit }),
  };
  // A script with braces of its own is a word in which nothing stands for a value.
  const names = (word: string): readonly string[] =>
    word.includes('\n') ? [] : [...word.matchAll(/\{([a-zA-Z]+)\}/g)].map((match) => match[1] ?? '');
  const wanted = new Set(command.argv.flatMap(names));
  const isComplete = [...wanted].every((name) => isValue(values[name]));
  if (!isComplete || Object.keys(values).some((name) => !wanted.has(name))) return null;
  const words = command.argv.map((word) =>
    names(word).reduce((text, name) => text.replace(`{${name}}`, () => values[name] ?? ''), word),
  );
  const isRoot = command.sudo || given.asRoot === true;
  // -n, so that sudo never waits for a password.
  return [...(isRoot ? ['sudo', '-n'] : []), ...words].map(quoteWord).join(' ');
}

/** One line of text that is not empty. */
const isValue = (text: string | undefined): boolean =>
  text !== undefined && text !== '' && !/[\0\r\n]/.test(text);

/** How long a command may take, in milliseconds. */
export function timeoutOf(id: HostCommandId): number | undefined {
  const command: HostCommand | undefined = HOST_COMMANDS.find((one) => one.id === id);
  return command?.timeoutMs;
}

/** One word for a POSIX shell, whatever it holds. */
export function quoteWord(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/**
 * The smallest sudoers file that the console needs on a host: these units, stopped, started and reloaded, and nothing else.
 *
 * @param path of systemctl on that host; sudo compares whole paths
 * @returns null when a name is none
 */
export function sudoersText(
  user: string,
  units: readonly string[],
  path = '/usr/bin/systemctl',
): string | null {
  if (!/^[A-Za-z_][A-Za-z0-9._-]{0,63}$/.test(user) || !units.every((unit) => UNIT.test(unit))) return null;
  const escaped = (word: string): string => word.replaceAll(/[\\:,=]/g, '\\$&');
  const lines = units.flatMap((unit) =>
    ['stop', 'start', 'reload'].map(
      (verb) => `${user} ALL=(root) NOPASSWD: ${path} ${verb} -- ${escaped(unit)}`,
    ),
  );
  return ['# /etc/sudoers.d/hmtt-console, mode 0440; check with: visudo -cf FILE', ...lines, ''].join('\n');
}
