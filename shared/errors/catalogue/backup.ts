import { defineErrors } from '../define.ts';

/** Expected failures of the area `backup`. */
export const backupErrors = defineErrors({
  BACKUP_PLAN_EXISTS: {
    message: { zh: '备份计划“{name}”已存在。', en: 'There already is a backup plan "{name}".' },
    hint: {
      zh: '请换一个名称；要修改原计划，请打开它并选择“修改”（命令行用 backup edit）。',
      en: 'Choose another name; to change the existing plan, open it and choose "Edit" (backup edit on the command line).',
    },
  },
  BACKUP_PLAN_MISSING: {
    message: { zh: '没有名为“{name}”的备份计划。', en: 'There is no backup plan "{name}".' },
    hint: {
      zh: '请检查名称；“backup list”会列出所有计划。',
      en: 'Check the name; "backup list" shows all plans.',
    },
  },
  BACKUP_PATH_NOT_ABSOLUTE: {
    message: { zh: '“{path}”不是绝对路径。', en: '"{path}" is not an absolute path.' },
    hint: { zh: '请写出从根目录开始的完整路径。', en: 'Write the whole path, from the root.' },
  },
  BACKUP_SOURCE_MISSING: {
    message: {
      zh: '备份源 {path} 不存在或无法读取：{why}',
      en: 'The source {path} is missing or unreadable: {why}',
    },
    hint: {
      zh: '请检查路径和权限，以及所在的磁盘是否已挂载。已有的恢复点不受影响。',
      en: 'Check the path, its permissions and that its disk is mounted. Existing restore points are not affected.',
    },
  },
  BACKUP_SOURCES_UNREADABLE: {
    message: {
      zh: '计划“{name}”的备份源一个也无法读取，没有生成恢复点。',
      en: 'None of the sources of plan "{name}" could be read; no restore point was made.',
    },
    hint: {
      zh: '请检查各备份源的路径、权限和挂载情况，然后重新运行。',
      en: 'Check the paths, permissions and mounts of the sources, then run again.',
    },
  },
  BACKUP_TARGET_IS_SOURCE: {
    message: {
      zh: '目标目录 {dir} 就是备份源本身。',
      en: 'The target folder {dir} is itself a source of the backup.',
    },
    hint: { zh: '请选择备份源之外的目录。', en: 'Choose a folder outside of the sources.' },
  },
  BACKUP_TARGET_EXCLUDED: {
    message: {
      zh: '目标目录位于备份源之内，已自动排除。',
      en: 'The target folder lies inside a source and was left out.',
    },
    hint: {
      zh: '这是为了避免备份把自己也备份进去。',
      en: 'A backup would otherwise contain itself and grow with each run.',
    },
  },
  BACKUP_TARGET_MISSING: {
    message: {
      zh: '目标目录 {dir} 不存在或未连接。',
      en: 'The target folder {dir} is absent or not connected.',
    },
    hint: {
      zh: '请接好介质或挂载目标盘，或创建该目录，然后重新运行。',
      en: 'Connect the medium or mount the target disk, or make the folder, then run again.',
    },
  },
  BACKUP_TARGET_FULL: {
    message: { zh: '目标磁盘已满：{dir}', en: 'The target disk is full: {dir}' },
    hint: {
      zh: '写到一半的归档已删除，已有的恢复点完好。请释放空间或更换目标后重新运行。',
      en: 'The half-written archive was removed, existing restore points are intact. Free space or choose another target, then run again.',
    },
  },
  BACKUP_TARGET_READ_ONLY: {
    message: { zh: '目标目录 {dir} 不可写：{why}', en: 'The target folder {dir} cannot be written: {why}' },
    hint: {
      zh: '请检查权限，以及介质是否写保护或以只读方式挂载。',
      en: 'Check the permissions, and whether the medium is write-protected or mounted read-only.',
    },
  },
  BACKUP_TARGET_LOST: {
    message: { zh: '写入目标 {dir} 时出错：{why}', en: 'Writing to the target {dir} failed: {why}' },
    hint: {
      zh: '介质可能被拔出或发生故障；没有生成恢复点，已有的恢复点不受影响。请检查介质后重新运行。',
      en: 'The medium may have been pulled or is failing; no restore point was made, existing ones are not affected. Check it, then run again.',
    },
  },
  BACKUP_READ_BACK_FAILED: {
    message: {
      zh: '刚写好的归档 {file} 读回时与写入的不一致：{zh}',
      en: 'The archive {file} did not read back as it was written: {en}',
    },
    hint: {
      zh: '没有生成恢复点。目标介质或内存可能有故障，请更换目标后重试。',
      en: 'No restore point was made. The target medium or the memory may be failing: try another target.',
    },
  },
  BACKUP_RUN_ACTIVE: {
    message: { zh: '计划“{name}”正在运行。', en: 'Plan "{name}" is already running.' },
    hint: { zh: '请等待它结束，或先取消它。', en: 'Wait for it to end, or cancel it first.' },
  },
  BACKUP_INTERRUPTED: {
    message: {
      zh: '计划“{name}”的上一次运行被中断（断电、退出或崩溃），没有生成恢复点。',
      en: 'The last run of plan "{name}" was cut off (power, exit or crash); it made no restore point.',
    },
    hint: {
      zh: '残留的临时文件已清理。请重新运行该计划。',
      en: 'Its temporary files were removed. Run the plan again.',
    },
  },
  BACKUP_CHAIN_BROKEN: {
    message: {
      zh: '恢复点 {point} 的备份链不完整：缺少 {link}。{zh}',
      en: 'The chain of point {point} is not complete: {link} is not at hand. {en}',
    },
    hint: {
      zh: '请接好存放该归档的介质，或对其所在目录执行“backup rebuild”，然后重试。',
      en: 'Connect the medium with that archive, or run "backup rebuild" on its folder, then try again.',
    },
  },
  BACKUP_CHAIN_SWAPPED: {
    message: {
      zh: '归档 {file} 不是 {child} 所依赖的那一个（清单哈希不符）。',
      en: 'The archive {file} is not the one that {child} builds on (its manifest hash differs).',
    },
    hint: {
      zh: '该归档在登记后被更换或修改。请找出原归档的副本，或选择更早的恢复点。',
      en: 'It was replaced or changed after it was made. Find a copy of the original, or choose an earlier point.',
    },
  },
  BACKUP_SCHEDULE_INVALID: {
    message: {
      zh: '计划时间“{schedule}”无法理解：{why}',
      en: 'The schedule "{schedule}" cannot be understood: {why}',
    },
    hint: {
      zh: '请使用 cron 写法，例如“30 2 * * *”表示每天 02:30。',
      en: 'Use a cron expression, for example "30 2 * * *" for 02:30 every day.',
    },
  },
  BACKUP_FILE_UNREADABLE: {
    message: { zh: '无法读取：{why}', en: 'It cannot be read: {why}' },
    hint: {
      zh: '该项未进入恢复点。请检查权限，或把它加入排除列表。',
      en: 'It is not in the restore point. Check its permissions, or exclude it.',
    },
  },
  BACKUP_FILE_VANISHED: {
    message: { zh: '备份期间该项消失。', en: 'It vanished while the backup ran.' },
    hint: {
      zh: '若这是临时文件，可把它加入排除列表。',
      en: 'If it is a temporary file, exclude it.',
    },
  },
  BACKUP_FILE_CHANGED: {
    message: {
      zh: '读取期间文件一直在变化；已保存最后一次读到的内容，但可能前后不一致。',
      en: 'The file kept changing while it was read; the last reading is stored, but may be a mixture.',
    },
    hint: {
      zh: '请在写入者停止时备份，或使用该应用自己的导出功能。',
      en: 'Back it up while its writer is stopped, or use the export of the application.',
    },
  },
  BACKUP_PSEUDO_FILE_SYSTEM: {
    message: { zh: '内核虚拟文件系统，已跳过。', en: 'A pseudo file system of the kernel; left out.' },
    hint: { zh: '其中没有需要恢复的数据。', en: 'It holds nothing that could be restored.' },
  },
  BACKUP_NAME_RESERVED: {
    message: {
      zh: '名称 {name} 由归档格式保留，已跳过。',
      en: 'The name {name} is reserved by the archive format; left out.',
    },
    hint: { zh: '如需备份请改名。', en: 'Rename it if it must be backed up.' },
  },
  BACKUP_POINT_MISSING: {
    message: { zh: '没有恢复点“{id}”。', en: 'There is no restore point "{id}".' },
    hint: { zh: '请刷新列表。', en: 'Refresh the list.' },
  },
  BACKUP_NO_POINTS: {
    message: { zh: '计划“{name}”还没有恢复点。', en: 'Plan "{name}" has no restore point yet.' },
    hint: { zh: '请先运行一次备份。', en: 'Run the backup once first.' },
  },
  BACKUP_ARCHIVE_ABSENT: {
    message: { zh: '找不到归档 {file}。', en: 'The archive {file} is not there.' },
    hint: {
      zh: '请连接存放它的介质；若已移动，请对新目录运行“重建备份目录”。',
      en: 'Connect the medium that holds it; if it was moved, rebuild the catalogue from its new folder.',
    },
  },
  BACKUP_NOT_AN_ARCHIVE: {
    message: {
      zh: '{file} 不是完整的备份归档（缺少结尾标记）。',
      en: '{file} is not a complete backup archive (its trailer is missing).',
    },
    hint: {
      zh: '文件可能被截断或不是本程序所写。若有副本请使用副本。',
      en: 'It may be cut short or of another program. Use a copy if there is one.',
    },
  },
  BACKUP_TRAILER_DAMAGED: {
    message: { zh: '归档 {file} 的结尾标记已损坏。', en: 'The trailer of the archive {file} is damaged.' },
    hint: {
      zh: '数据可能仍可取出：请把旁边的清单文件放在同一目录，或使用副本。',
      en: 'The data may still be readable: keep the manifest file beside it, or use a copy.',
    },
  },
  BACKUP_LENGTH_WRONG: {
    message: {
      zh: '归档 {file} 的长度不对：应为 {expected} 字节，实为 {found} 字节。',
      en: 'The archive {file} has the wrong length: {expected} bytes expected, {found} found.',
    },
    hint: { zh: '请使用副本。', en: 'Use a copy.' },
  },
  BACKUP_MANIFEST_DAMAGED: {
    message: { zh: '{file} 的清单已损坏。', en: 'The manifest of {file} is damaged.' },
    hint: {
      zh: '旁边的清单文件或介质副本可能完好，请一并检查。',
      en: 'The manifest file beside it or a copy of the medium may be intact.',
    },
  },
  BACKUP_MANIFEST_DIFFERS: {
    message: {
      zh: '归档 {file} 的清单与备份目录中登记的不同：它被更换或改动过。',
      en: 'The manifest of the archive {file} is not the one that the catalogue knows: it was swapped or changed.',
    },
    hint: {
      zh: '请勿从该归档恢复，除非您知道原因。请使用副本并报告此事。',
      en: 'Do not restore from it unless you know why. Use a copy, and report it.',
    },
  },
  BACKUP_ARCHIVE_FROM_FUTURE: {
    message: {
      zh: '归档 {file} 由更新的版本写成（{what}）。',
      en: 'The archive {file} was made by a newer version ({what}).',
    },
    hint: {
      zh: '请安装同样新的控制台；文件未被改动。',
      en: 'Install a console at least as new; nothing was changed.',
    },
  },
  BACKUP_NEEDS_ZSTD: {
    message: {
      zh: '归档 {file} 用 zstd 压缩，当前运行环境无法读取。',
      en: 'The archive {file} is compressed with zstd, which this runtime cannot read.',
    },
    hint: {
      zh: '请用正式发布的控制台或 hmtt 命令；也可用“zstd -dc 文件 | tar -x”取出。',
      en: 'Use a released console or the hmtt command; "zstd -dc FILE | tar -x" unpacks it as well.',
    },
  },
  BACKUP_FRAME_DAMAGED: {
    message: {
      zh: '归档 {file} 的第 {frame} 帧已损坏。',
      en: 'Frame {frame} of the archive {file} is damaged.',
    },
    hint: {
      zh: '只有列出的文件受影响，其余仍可恢复。请从副本恢复这些文件。',
      en: 'Only the files named are affected, everything else can be restored. Take those from a copy.',
    },
  },
  BACKUP_XATTRS_UNREADABLE: {
    message: {
      zh: '一部分条目的扩展属性和 ACL 无法读取（{why}），未保留。',
      en: 'Extended attributes and ACLs of some entries could not be read ({why}) and were not kept.',
    },
    hint: {
      zh: '请检查软件包 attr 后再备份一次。',
      en: 'Check the package "attr", and run the backup again.',
    },
  },
  BACKUP_XATTRS_TOO_LARGE: {
    message: {
      zh: '扩展属性太大，未保留；内容已备份。',
      en: 'Its extended attributes are too large and were not kept; its content was.',
    },
    hint: { zh: '一个条目的扩展属性最多 256 KiB。', en: 'An entry can have 256 KiB of extended attributes.' },
  },
  BACKUP_SYNTHESIZE_FULL: {
    message: {
      zh: '计划 {name} 的最新恢复点已经是一个完整的全备份，无需合成。',
      en: 'The newest point of {name} is a full already; there is nothing to put together.',
    },
    hint: {
      zh: '合成全备份用于把一条链（全备份加增量或差异备份）合成一个归档。',
      en: 'A synthetic full makes one archive of a chain: a full with incrementals or a differential.',
    },
  },
  BACKUP_EXTENT_ELSEWHERE: {
    message: {
      zh: '{path} 的一部分内容在归档 {archive} 中，但 {file} 所在的备份链里没有它。',
      en: 'A part of {path} lies in the archive {archive}, which is not of the chain that {file} stands in.',
    },
    hint: {
      zh: '请把该恢复点所依赖的归档都放到手边；若都在，则该归档已损坏，请选择更早的恢复点。',
      en: 'Have all archives that the point builds on at hand; when they are, this one is damaged: choose an earlier point.',
    },
  },
  BACKUP_CONTENT_DIFFERS: {
    message: {
      zh: '{path} 的内容与清单中的 SHA-256 不符。',
      en: 'The content of {path} does not have the SHA-256 of the manifest.',
    },
    hint: { zh: '请从副本或其他恢复点取该文件。', en: 'Take the file from a copy or another restore point.' },
  },
  BACKUP_DAMAGE_FOUND: {
    message: {
      zh: '校验发现损坏：恢复点 {point} 中有 {count} 处。',
      en: 'Verification found damage: {count} places in restore point {point}.',
    },
    hint: {
      zh: '校验报告列出了受影响的归档、帧和文件；其余仍可恢复。请尽快重新备份。',
      en: 'The report names archive, frames and files; everything else can be restored. Make a new backup soon.',
    },
  },
  BACKUP_ENTRY_UNSAFE: {
    message: { zh: '条目“{path}”不安全：{zh}。', en: 'The entry "{path}" is unsafe: {en}.' },
    hint: {
      zh: '恢复时会拒绝该条目。正常的备份不会有这样的条目，归档可能被人改造过。',
      en: 'Restoring refuses it. A normal backup has no such entry: somebody may have made this archive on purpose.',
    },
  },
  BACKUP_NOTHING_FOUND: {
    message: { zh: '在 {dirs} 中没有找到备份归档。', en: 'No backup archives were found in {dirs}.' },
    hint: {
      zh: '请检查目录；归档文件名以 .tar.zst 或 .tar.gz 结尾。',
      en: 'Check the folder; archives end in .tar.zst or .tar.gz.',
    },
  },
  BACKUP_OUTSIDE_WINDOW: {
    message: {
      zh: '现在不在计划“{name}”的备份时段内，下一个时段从 {zh} 开始。',
      en: 'It is outside the hours of plan "{name}"; they begin again at {en}.',
    },
    hint: {
      zh: '等到那时会按计划运行；要现在就运行，请选择“不管时段，立即运行”（命令行用 --regardless）。',
      en: 'Wait until then, or choose "Run regardless of the hours" (--regardless on the command line).',
    },
  },
});
