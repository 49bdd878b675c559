import type { HostCommand } from './commands.ts';

/**
 * What rotating a log file on its host needs. `{log}` is the file, `{old}` its name beside it once it is renamed, `{name}` that name
 * without its folder. Those that change something may run as root, where the policy says so.
 */
export const LOG_COMMANDS = [
  {
    id: 'log-look',
    title: { zh: '查看日志文件', en: 'Look at a log file' },
    why: {
      zh: '轮转日志：辨认文件（设备、索引节点、大小、时间），中断后据此继续。',
      en: 'Rotation of logs: which file it is (device, inode, size, time), so that it goes on after a break.',
    },
    argv: ['stat', '-c', '%d:%i %f %s %.9Y', '--', '{file}'],
    sudo: false,
  },
  {
    id: 'log-rename',
    title: { zh: '重命名日志文件', en: 'Rename a log file' },
    why: { zh: '轮转日志：旧文件改名，绝不覆盖。', en: 'Rotation of logs; it never overwrites anything.' },
    argv: ['mv', '-n', '-T', '--', '{log}', '{old}'],
    sudo: false,
    maySudo: true,
  },
  {
    id: 'log-create',
    title: { zh: '新建空日志文件', en: 'Make an empty log file' },
    why: {
      zh: '轮转日志：权限与属主同旧文件；已存在则不动。',
      en: 'Rotation of logs: with mode and owner of the old one; one that is there is left alone.',
    },
    argv: ['cp', '-n', '-T', '--attributes-only', '--preserve=mode,ownership', '--', '{old}', '{log}'],
    sudo: false,
    maySudo: true,
  },
  {
    id: 'log-signal',
    title: { zh: '发信号让程序重新打开日志', en: 'Signal a program to open its log anew' },
    why: {
      zh: '轮转日志之后；进程号取自该文件。',
      en: 'After rotation; the process id is read from the file.',
    },
    argv: ['pkill', '-{signal}', '-F', '{pidFile}'],
    sudo: false,
    maySudo: true,
  },
  {
    id: 'log-reopen',
    title: { zh: '运行主机上准备好的脚本', en: 'Run a script that was prepared on the host' },
    why: {
      zh: '轮转日志之后，用管理员放在 /etc/hmtt-console/reopen 中的脚本让程序重新打开日志。',
      en: "After rotation, a script that the host's administrator put into /etc/hmtt-console/reopen.",
    },
    argv: ['/etc/hmtt-console/reopen/{script}'],
    sudo: false,
    maySudo: true,
    timeoutMs: 300_000,
  },
  {
    id: 'log-holders',
    title: { zh: '查找仍在写旧日志的进程', en: 'Find who still writes to an old log' },
    why: {
      zh: '轮转日志：没有进程再写，才取回和删除。',
      en: 'Rotation of logs: it is fetched and removed only when nobody writes to it.',
    },
    // The descriptors of processes are links there; their mode tells who writes. By its name, which no other file has, so that
    // a process in a container is found, too, whose folders are called otherwise.
    argv: ['find', '/proc', '-mindepth', '3', '-maxdepth', '3', '-lname', '*/{name}', '-perm', '-200'],
    sudo: false,
    maySudo: true,
  },
  {
    id: 'log-count',
    title: { zh: '统计日志行数', en: 'Count the lines of a log' },
    why: { zh: '轮转日志：与取回的一份比对。', en: 'Rotation of logs: compared with what was fetched.' },
    argv: ['wc', '-l', '--', '{old}'],
    sudo: false,
    timeoutMs: 1_800_000,
  },
  {
    id: 'log-remove',
    title: { zh: '删除已归档的旧日志', en: 'Remove an old log that is archived' },
    why: {
      zh: '轮转日志：仅在归档校验通过并记录之后。',
      en: 'Rotation of logs: only after the archive was verified and recorded.',
    },
    argv: ['rm', '--', '{old}'],
    sudo: false,
    maySudo: true,
  },
] as const satisfies readonly HostCommand[];

/** Where a host's administrator puts scripts that make a program open its log anew; their names are all that a policy says. */
const REOPEN_FOLDER = '/etc/hmtt-console/reopen';

/** What a sudoers file must allow, so that these logs can be rotated. */
export type LogSudo = {
  /** Whole paths of log files. */
  readonly files: readonly string[];
  readonly create: boolean;
  readonly signal: { readonly name: string; readonly pidFile: string } | null;
  readonly script: string | null;
};

/** The end of a renamed log's name: date, time and number, digit by digit, because a `*` of sudo would match anything. */
const STAMP = `-${'[0-9]'.repeat(8)}T${'[0-9]'.repeat(6)}-${'[0-9]'.repeat(6)}`;

/** Lines of a sudoers file (sudoers(5)); sudo compares whole paths of programs and every argument. */
export function logSudoers(user: string, { files, create, signal, script }: LogSudo): readonly string[] {
  const escaped = (word: string): string => word.replaceAll(/[\\:,=*?[\]! "]/g, '\\$&');
  const rule = (line: string): string => `${user} ALL=(root) NOPASSWD: ${line}`;
  return [
    ...files.flatMap((file) => {
      const log = escaped(file);
      const name = escaped(file.slice(file.lastIndexOf('/') + 1));
      return [
        rule(`/usr/bin/mv -n -T -- ${log} ${log}${STAMP}`),
        ...(create
          ? [
              rule(
                `/usr/bin/cp -n -T --attributes-only --preserve\\=mode\\,ownership -- ${log}${STAMP} ${log}`,
              ),
            ]
          : []),
        rule(`/usr/bin/find /proc -mindepth 3 -maxdepth 3 -lname \\*/${name}${STAMP} -perm -200`),
        rule(`/usr/bin/rm -- ${log}${STAMP}`),
      ];
    }),
    ...(signal === null ? [] : [rule(`/usr/bin/pkill -${signal.name} -F ${escaped(signal.pidFile)}`)]),
    ...(script === null ? [] : [rule(`${REOPEN_FOLDER}/${script} ""`)]),
  ];
}
