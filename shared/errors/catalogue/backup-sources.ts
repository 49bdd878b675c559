import { defineErrors } from '../define.ts';

/** Expected failures of hooks, of stopping services, and of databases. */
export const backupSourcesErrors = defineErrors({
  BACKUP_NOTHING_TO_BACK_UP: {
    message: {
      zh: '计划“{name}”没有文件、数据库或远程目录。',
      en: 'Plan "{name}" has neither files nor databases nor folders of hosts.',
    },
    hint: {
      zh: '请至少添加一个文件夹、文件、数据库或远程目录。',
      en: 'Add at least one folder, file, database or folder of a host.',
    },
  },
  BACKUP_REMOTE_FAILED: {
    message: {
      zh: '读取“{name}”的远程目录失败：{why}',
      en: 'The folders of "{name}" could not be read: {why}',
    },
    hint: {
      zh: '请在“主机 → SSH”中测试登录，并检查数据目录的剩余空间和权限。',
      en: 'Test the login under Hosts → SSH, and check space and permissions of the data folder.',
    },
  },
  BACKUP_REMOTE_CHANGING: {
    message: {
      zh: '{path} 每次读取时都变短了，未能保存。',
      en: '{path} became shorter each time it was read, and was not kept.',
    },
    hint: {
      zh: '请在文件不再写入时备份，或改用其程序自身的备份方法。',
      en: 'Back it up while nobody writes to it, or by the means of the program that it belongs to.',
    },
  },
  BACKUP_REMOTE_NAME: {
    message: {
      zh: '主机上的名称“{path}”不是 UTF-8，未能保存。',
      en: 'The name "{path}" on the host is not UTF-8, so that it could not be kept.',
    },
    hint: {
      zh: '请在主机上改名，或在主机上打包后备份。',
      en: 'Rename it on the host, or back up a tar file made there.',
    },
  },
  BACKUP_REMOTE_SPECIAL: {
    message: {
      zh: '{path} 是设备、管道或套接字，SFTP 不传送这类文件。',
      en: '{path} is a device, pipe or socket, which SFTP does not carry.',
    },
    hint: {
      zh: '通常无需备份；可用排除规则略过。',
      en: 'It seldom needs a backup; an exclusion silences this.',
    },
  },
  BACKUP_BEFORE_HOOK_FAILED: {
    message: {
      zh: '备份前命令失败（{how}），没有生成恢复点。最后的输出：{tail}',
      en: 'The command before the backup failed ({how}); no restore point was made. Its last output: {tail}',
    },
    hint: {
      zh: '请修正该命令或其报告的问题，然后重新运行。已有的恢复点不受影响。',
      en: 'Mend the command or what it complains of, then run again. Existing restore points are not affected.',
    },
  },
  BACKUP_AFTER_HOOK_FAILED: {
    message: {
      zh: '备份后命令失败（{how}）。最后的输出：{tail}',
      en: 'The command after the backup failed ({how}). Its last output: {tail}',
    },
    hint: {
      zh: '备份本身的结果不受影响。请检查该命令本应完成的工作（例如解除冻结）是否已完成。',
      en: 'The result of the backup itself stands. Check whether what the command was to do (such as ending a freeze) is done.',
    },
  },
  BACKUP_OFFLINE_STOP_FAILED: {
    message: {
      zh: '停止服务失败（{how}），没有生成恢复点。最后的输出：{tail}',
      en: 'Stopping the service failed ({how}); no restore point was made. Its last output: {tail}',
    },
    hint: {
      zh: '启动命令随后已执行，请确认服务正在运行；修正停止命令后重新运行。',
      en: 'The start command was run afterwards: make sure that the service runs. Mend the stop command, then run again.',
    },
  },
  BACKUP_OFFLINE_STILL_RUNS: {
    message: {
      zh: '停止命令已执行，但 {seconds} 秒后服务仍在运行，没有生成恢复点。',
      en: 'The stop command ended, but the service still ran after {seconds} s; no restore point was made.',
    },
    hint: {
      zh: '请检查停止命令和检查命令，或加大等待时间。',
      en: 'Check the stop command and the check command, or allow more time.',
    },
  },
  BACKUP_OFFLINE_START_FAILED: {
    message: {
      zh: '备份后服务没有恢复运行（{how}）。最后的输出：{tail}',
      en: 'The service does not run again after the backup ({how}). Its last output: {tail}',
    },
    hint: {
      zh: '请立即手动启动该服务。控制台下次启动时会再试一次。',
      en: 'Start the service by hand now. The console tries again at its next start.',
    },
  },
  BACKUP_STEP_INTERRUPTED: {
    message: {
      zh: '控制台在这一步中途结束（断电、退出或崩溃）。',
      en: 'The console ended in the middle of this step (power, exit or crash).',
    },
    hint: {
      zh: '未完成的启动和收尾命令已在控制台启动时补做，见本次运行的步骤。',
      en: 'Starts and after-commands that were owed are done at the start of the console; see the steps of the run.',
    },
  },
  BACKUP_OS_USER_UNUSABLE: {
    message: {
      zh: '不能以系统用户“{user}”运行：{why}',
      en: 'Nothing can be run as the system user "{user}": {why}',
    },
    hint: {
      zh: '请检查用户名；以其他用户运行需要控制台以 root 身份运行。',
      en: 'Check the name; running as another user needs a console that runs as root.',
    },
  },
  BACKUP_DATABASE_TOOL_MISSING: {
    message: {
      zh: '找不到数据库工具 {tool}（已查找：{dirs}）。',
      en: 'The database tool {tool} was not found (looked in {dirs}).',
    },
    hint: {
      zh: '请安装客户端工具（Debian：postgresql-client 或 mariadb-client），或在计划中填写工具所在目录。',
      en: 'Install the client tools (Debian: postgresql-client or mariadb-client), or name their folder in the plan.',
    },
  },
  BACKUP_DATABASE_TOOL_TOO_OLD: {
    message: {
      zh: '{tool} 的版本 {have} 低于服务器版本 {server}，不能导出。',
      en: '{tool} {have} is older than the server ({server}) and cannot dump it.',
    },
    hint: {
      zh: '请安装不低于服务器版本的客户端工具，或在计划中填写其目录。',
      en: 'Install client tools at least as new as the server, or name their folder in the plan.',
    },
  },
  BACKUP_DATABASE_UNREACHABLE: {
    message: {
      zh: '无法连接数据库“{name}”：{why}',
      en: 'The database "{name}" cannot be reached: {why}',
    },
    hint: {
      zh: '请检查服务是否运行、地址、登录用户，以及密码文件的内容和权限（应为 0600）。',
      en: 'Check that the server runs, its address, the login, and content and mode (0600) of the password file.',
    },
  },
  BACKUP_DATABASE_ABSENT: {
    message: {
      zh: '“{name}”的服务器上没有这些数据库：{absent}',
      en: 'The server of "{name}" has no such databases: {absent}',
    },
    hint: {
      zh: '它们可能已改名或删除。请修改计划。',
      en: 'They may have been renamed or dropped. Change the plan.',
    },
  },
  BACKUP_DATABASE_DUMP_FAILED: {
    message: {
      zh: '导出数据库“{name}”失败（{how}）：{tail}',
      en: 'The dump of the database "{name}" failed ({how}): {tail}',
    },
    hint: {
      zh: '请检查服务器和权限后重新运行；此前的恢复点中仍有较早的导出。',
      en: 'Check server and permissions, then run again; earlier restore points still hold earlier dumps.',
    },
  },
  BACKUP_DATABASE_DUMP_UNSOUND: {
    message: {
      zh: '数据库“{name}”的导出未通过检查：{why}',
      en: 'The dump of the database "{name}" did not pass its check: {why}',
    },
    hint: {
      zh: '数据库本身可能已损坏。请尽快检查，并保留较早的恢复点。',
      en: 'The database itself may be damaged. Check it soon, and keep earlier restore points.',
    },
  },
  BACKUP_DATABASE_NO_SPACE: {
    message: {
      zh: '导出数据库“{name}”需要约 {need}，而 {dir} 只剩 {free}。',
      en: 'The dump of the database "{name}" needs about {need}, and {dir} has {free} left.',
    },
    hint: {
      zh: '导出会暂存在数据目录。请释放空间。',
      en: 'Dumps wait in the data folder until they are in the archive. Free some space there.',
    },
  },
  BACKUP_SOURCES_INCOMPLETE: {
    message: {
      zh: '恢复点 {point} 不完整：未能取得 {names}。{why}',
      en: 'The restore point {point} is not complete: {names} could not be taken. {why}',
    },
    hint: {
      zh: '其余内容已备份并可恢复，但该恢复点不计入恢复目标。请排除故障后重新运行。',
      en: 'All the rest is in it and can be restored, but it does not count for the objectives. Mend the cause, then run again.',
    },
  },
  BACKUP_DATABASE_DUMP_MISSING: {
    message: {
      zh: '恢复点 {point} 中没有“{source}”的数据库“{database}”。',
      en: 'The restore point {point} holds no database "{database}" of "{source}".',
    },
    hint: { zh: '请从列表中选择。', en: 'Choose from the list.' },
  },
  BACKUP_DATABASE_EXISTS: {
    message: {
      zh: '目标处已有“{name}”，未做任何改动。',
      en: 'There already is "{name}" at the target; nothing was changed.',
    },
    hint: {
      zh: '请换一个名称，或明确要求替换（原有的会改名或另存，不会删除）。',
      en: 'Choose another name, or ask for it to be replaced (the one that is there is put aside, not deleted).',
    },
  },
  BACKUP_DATABASE_KIND_DIFFERS: {
    message: {
      zh: '“{source}”的导出（{have}）不能装入{want}。',
      en: 'The dump "{source}" ({have}) cannot be loaded into {want}.',
    },
    hint: {
      zh: '请选择同一种数据库作为目标。整机基础备份请按手册解包恢复。',
      en: 'Choose a target of the same kind. A base backup is unpacked by hand, as the manual says.',
    },
  },
  BACKUP_DATABASE_LOAD_FAILED: {
    message: {
      zh: '装入数据库“{name}”失败（{how}）：{tail}',
      en: 'Loading the database "{name}" failed ({how}): {tail}',
    },
    hint: {
      zh: '装到一半的数据库已删除，原有的未受影响。',
      en: 'The half-loaded database was removed; what was there before is untouched.',
    },
  },
  BACKUP_SCRATCH_SERVER_FAILED: {
    message: {
      zh: '无法启动演练用的临时数据库服务器：{why}',
      en: 'The scratch database server for the drill could not be started: {why}',
    },
    hint: {
      zh: '本机需要安装同类数据库的服务器程序（Debian：postgresql 或 mariadb-server）。',
      en: 'This machine needs the server programs of that kind (Debian: postgresql or mariadb-server).',
    },
  },
});
