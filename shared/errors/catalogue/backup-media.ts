import { defineErrors } from '../define.ts';

/** Expected failures of media, copies and rebuilding. */
export const backupMediaErrors = defineErrors({
  BACKUP_MEDIUM_MISSING: {
    message: { zh: '没有标签或编号为“{medium}”的介质。', en: 'There is no medium "{medium}".' },
    hint: {
      zh: '“backup media list”会列出所有介质；同一标签有多个介质时请用编号。',
      en: '"backup media list" shows all of them; where several bear one label, use the id.',
    },
  },
  BACKUP_MEDIUM_ABSENT: {
    message: { zh: '请插入介质 {label}{zh}。', en: 'Insert {label}{en}.' },
    hint: {
      zh: '介质不在并不是故障；插入后会自动识别，无论挂载在哪里。',
      en: 'An absent medium is no fault; it is recognised wherever it is mounted.',
    },
  },
  BACKUP_MEDIUM_WRONG: {
    message: {
      zh: '{root} 上的介质是 {found}，不是 {wanted}。',
      en: 'The medium at {root} is {found}, not {wanted}.',
    },
    hint: {
      zh: '没有写入任何内容。请换上正确的介质。',
      en: 'Nothing was written. Insert the right medium.',
    },
  },
  BACKUP_MEDIUM_LOST: {
    message: {
      zh: '介质 {label} 已被拔出或不再响应。',
      en: 'The medium {label} was pulled or does not answer.',
    },
    hint: {
      zh: '已复制完的恢复点完好；重新插入后再次复制，会从中断处继续。',
      en: 'What was copied is intact. Insert it again and copy again: it goes on where it was cut off.',
    },
  },
  BACKUP_MEDIUM_OUT_OF_USE: {
    message: {
      zh: '介质 {label} 已标记为停用或损坏。',
      en: 'The medium {label} is marked as retired or damaged.',
    },
    hint: {
      zh: '请使用该池的其他介质，或先把它标记为完好。',
      en: 'Use another medium of the pool, or mark it sound first.',
    },
  },
  BACKUP_MEDIUM_CLONED: {
    message: {
      zh: '两个文件系统都自称介质 {label}：{one} 和 {other}。',
      en: 'Two file systems both say that they are the medium {label}: {one} and {other}.',
    },
    hint: {
      zh: '其中一个是克隆盘。请拔下一个，并删除克隆盘上的 .hmtt-medium 目录后重新贴标签。',
      en: 'One is a clone. Remove one; delete the folder .hmtt-medium of the clone and label it anew.',
    },
  },
  BACKUP_MEDIUM_LABEL_TWICE: {
    message: { zh: '有两个介质的标签都是 {label}。', en: 'Two media bear the label {label}.' },
    hint: {
      zh: '请给其中一个换标签，或停用其中一个；在此之前请用编号指明介质。',
      en: 'Give one another label, or retire one; until then name them by id.',
    },
  },
  BACKUP_MEDIUM_LABELLED: {
    message: {
      zh: '{root} 已经是介质 {label}。',
      en: '{root} already is the medium {label}.',
    },
    hint: {
      zh: '若要换标签，请先停用它，并删除其 .hmtt-medium 目录。',
      en: 'To label it anew, retire it first and delete its folder .hmtt-medium.',
    },
  },
  BACKUP_MEDIUM_DAMAGED_FILE: {
    message: {
      zh: '{root} 上的介质标识文件被改动或损坏。',
      en: 'The file that says which medium is at {root} was changed or is damaged.',
    },
    hint: {
      zh: '其上的归档不受影响。请删除 .hmtt-medium/medium.json 后重新贴标签，再运行“backup rebuild”。',
      en: 'Its archives are not affected. Delete .hmtt-medium/medium.json, label it anew, then run "backup rebuild".',
    },
  },
  BACKUP_MEDIUM_NOT_MOUNTED: {
    message: {
      zh: '{root} 上没有挂载任何介质：它与上级目录在同一块盘上。',
      en: 'No medium is mounted at {root}: it lies on the same disk as the folder above it.',
    },
    hint: {
      zh: '请先挂载介质。若确实要把该目录当作介质，请加 --any-folder。',
      en: 'Mount the medium first. To take the folder as a medium all the same, add --any-folder.',
    },
  },
  BACKUP_COPY_NO_TARGET: {
    message: {
      zh: '计划“{name}”没有设置复制目标。',
      en: 'Plan "{name}" does not say where its points are copied to.',
    },
    hint: {
      zh: '请在计划中设置复制目标，或用 --to 指明。',
      en: 'Set it in the plan, or name a target with --to.',
    },
  },
  BACKUP_COPY_ACTIVE: {
    message: { zh: '已有复制任务正在写入 {target}。', en: 'A copy to {target} is already under way.' },
    hint: { zh: '请等待它结束，或先取消它。', en: 'Wait for it to end, or cancel it first.' },
  },
  BACKUP_COPY_NO_ROOM: {
    message: {
      zh: '{target} 空间不足：还需 {need}，可用 {free}。',
      en: 'There is not enough room on {target}: {need} are needed, {free} are free.',
    },
    hint: {
      zh: '没有写入任何半截归档，已复制的恢复点完好。请换用更大的介质，或清理旧的恢复点。',
      en: 'Nothing half is left there, points that were copied are intact. Take a larger medium, or remove old points.',
    },
  },
  BACKUP_COPY_FILE_TOO_LARGE: {
    message: {
      zh: '{target} 的文件系统放不下这么大的归档（{file}）。',
      en: 'The file system of {target} cannot hold a file as large as {file}.',
    },
    hint: {
      zh: 'FAT32 的单个文件上限为 4 GiB；请把介质格式化为 exFAT、NTFS 或 ext4。',
      en: 'FAT32 holds at most 4 GiB a file: format the medium as exFAT, NTFS or ext4.',
    },
  },
  BACKUP_COPY_SOURCE_DAMAGED: {
    message: {
      zh: '要复制的归档 {file} 与其校验和不符。',
      en: 'The archive {file}, which was to be copied, does not have its SHA-256.',
    },
    hint: {
      zh: '目标上没有生成副本。请运行校验；若另有完好的副本，可从那里复制。',
      en: 'No copy was made. Verify the point; where another copy is intact, copy from there.',
    },
  },
  BACKUP_COPY_SUMS_MISSING: {
    message: {
      zh: '归档 {file} 旁的 .sha256 文件缺失或无法理解。',
      en: 'The .sha256 file beside {file} is missing or cannot be understood.',
    },
    hint: {
      zh: '没有它就无法证明副本与原件一致。请运行一次新的备份，或从其他副本复制。',
      en: 'Without it nobody can prove that a copy is the same. Make a new backup, or copy from another copy.',
    },
  },
  BACKUP_COPY_SAME_PLACE: {
    message: {
      zh: '{dir} 就是恢复点原来所在的目录，不能再复制到那里。',
      en: '{dir} is where the points are already; a copy there would be none.',
    },
    hint: {
      zh: '请选择另一块磁盘上的目录，或一个介质池。',
      en: 'Choose a folder on another disk, or a pool of media.',
    },
  },
  BACKUP_COPIES_NONE: {
    message: { zh: '{target} 上没有登记的副本。', en: 'No copies are known on {target}.' },
    hint: {
      zh: '请先复制恢复点到那里，或对它运行“backup rebuild”。',
      en: 'Copy points there first, or run "backup rebuild" on it.',
    },
  },
  BACKUP_COPIES_DAMAGED: {
    message: {
      zh: '{target} 上有 {count} 个副本损坏或无法读取。',
      en: '{count} copies on {target} are damaged or cannot be read.',
    },
    hint: {
      zh: '其余副本完好。再次复制会替换损坏的副本；若反复出现，请更换介质。',
      en: 'The others are intact. Copying again replaces the damaged ones; where it happens again, use another medium.',
    },
  },
  BACKUP_COPY_DIFFERS: {
    message: {
      zh: '{target} 上的副本 {file} 读回时与原件不一致。',
      en: 'The copy {file} on {target} did not read back as the original.',
    },
    hint: {
      zh: '副本已删除，原件完好。介质可能有故障，请更换。',
      en: 'The copy was removed, the original is intact. The medium may be failing: use another.',
    },
  },
});
