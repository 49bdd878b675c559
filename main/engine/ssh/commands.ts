import type { Bilingual } from '#shared/errors/index.ts';
import { PROC_SCRIPT } from '../platform/proc-script.ts';

/** A command that the console may run on a host; nothing else is ever run. */
export type HostCommand = {
  /** As the audit trail names it. */
  readonly id: string;
  readonly title: Bilingual;
  readonly why: Bilingual;
  /** Program and arguments; `{unit}` stands for the one value that varies. */
  readonly argv: readonly string[];
  /** True when it is run by `sudo -n`. */
  readonly sudo: boolean;
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
      zh: '不安装采集程序也能监控：处理器、内存、磁盘、网络。',
      en: 'Monitors a host without an exporter: processors, memory, disks, network.',
    },
    argv: ['sh', '-c', PROC_SCRIPT],
    sudo: false,
    isRoutine: true,
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
] as const satisfies readonly HostCommand[];

export type HostCommandId = (typeof HOST_COMMANDS)[number]['id'];

/** True for commands of which the audit trail tells failures only. */
export function isRoutine(id: HostCommandId): boolean {
  const command: HostCommand | undefined = HOST_COMMANDS.find((one) => one.id === id);
  return command?.isRoutine === true;
}

/**
 * The line for a host's shell: every word is quoted, so that none can be more than a word.
 *
 * @param unit for commands about a service
 * @returns null when the unit's name is none, or one is missing or too many
 */
export function commandLine(id: HostCommandId, unit?: string): string | null {
  const command: HostCommand | undefined = HOST_COMMANDS.find((one) => one.id === id);
  if (command === undefined) return null;
  const takesUnit = command.argv.includes('{unit}');
  if (takesUnit !== (unit !== undefined) || (unit !== undefined && !UNIT.test(unit))) return null;
  const words = command.argv.map((word) => (word === '{unit}' ? (unit ?? '') : word));
  // The C locale, so that answers are the same on every host; -n, so that sudo never waits for a password.
  return [...(command.sudo ? ['sudo', '-n'] : []), ...words].map(quoteWord).join(' ');
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
