import { defineErrors } from '../define.ts';

/** Expected failures of encrypted restore points and of their keys. */
export const backupEncryptionErrors = defineErrors({
  BACKUP_LOCKED: {
    message: {
      zh: '{file} 已加密，需要密钥才能打开。',
      en: '{file} is encrypted; it takes a key to open it.',
    },
    hint: {
      zh: '请在“备份 → 密钥”中解锁，或在命令中加 --passphrase-file 或 --identity-file；也可用“age -d -i 密钥文件 归档 | zstd -d | tar -x”取出。',
      en: 'Unlock the key under Backups → Keys, or give --passphrase-file or --identity-file; "age -d -i KEYFILE ARCHIVE | zstd -d | tar -x" unpacks it as well.',
    },
  },
  BACKUP_KEY_WRONG: {
    message: {
      zh: '{file} 不是用所给的密钥加密的，无法打开。',
      en: '{file} was not encrypted to any of the keys given; it does not open.',
    },
    hint: {
      zh: '请核对密钥单上的指纹与该计划的密钥是否一致，换用正确的密钥重试。归档未被改动。',
      en: 'Compare the fingerprint on the key sheet with the keys of the plan, and try with the right one. The archive was not changed.',
    },
  },
  BACKUP_AGE_HEADER_DAMAGED: {
    message: {
      zh: '加密文件 {file} 的文件头已损坏（偏移 0 处）。',
      en: 'The encryption header of {file} is damaged (at offset 0).',
    },
    hint: {
      zh: '若旁边的 .sha256 文件完好，内容仍可读取；请尽快重新备份或使用副本。',
      en: 'With the .sha256 file beside it the content can still be read; make a new backup soon, or use a copy.',
    },
  },
  BACKUP_ENCRYPTED_END_DAMAGED: {
    message: {
      zh: '加密文件 {file} 的结尾缺失或已损坏（现有 {bytes} 字节）。',
      en: 'The end of the encrypted file {file} is missing or damaged (it has {bytes} bytes).',
    },
    hint: {
      zh: '文件被截断、追加或改动。请使用副本；其余内容可借助旁边的清单文件取出。',
      en: 'It was cut short, added to or changed. Use a copy; with the manifest file beside it the rest can be taken out.',
    },
  },
  BACKUP_CHUNK_DAMAGED: {
    message: {
      zh: '加密文件 {file} 偏移 {offset} 处的第 {chunk} 块已损坏。',
      en: 'Chunk {chunk} of the encrypted file {file}, at offset {offset}, is damaged.',
    },
    hint: {
      zh: '只有该块中的内容受影响，其余仍可恢复。请从副本恢复这些文件。',
      en: 'Only what lies in it is affected, everything else can be restored. Take those files from a copy.',
    },
  },
  BACKUP_OUTER_HASH_DIFFERS: {
    message: {
      zh: '{file} 的 SHA-256 与写入时不同：文件已损坏或被改动。',
      en: 'The SHA-256 of {file} is not what it was when it was written: it is damaged or was changed.',
    },
    hint: {
      zh: '请用密钥再次校验，报告会指出受影响的文件；或使用副本。',
      en: 'Verify it again with the key to learn which files are affected, or use a copy.',
    },
  },
  BACKUP_OUTER_SIZE_DIFFERS: {
    message: {
      zh: '{file} 应为 {expected} 字节，实为 {found} 字节。',
      en: '{file} should have {expected} bytes and has {found}.',
    },
    hint: { zh: '文件被截断或改动。请使用副本。', en: 'It was cut short or changed. Use a copy.' },
  },
  BACKUP_OUTER_UNKNOWN: {
    message: {
      zh: '没有密钥，且找不到 {file} 的校验和，无法校验。',
      en: 'Without a key and without a checksum of {file} nothing can be verified.',
    },
    hint: {
      zh: '请解锁密钥后重试，或找回旁边的 .sha256 文件。',
      en: 'Unlock the key and try again, or bring back the .sha256 file that belongs beside it.',
    },
  },
  BACKUP_REBUILD_LOCKED: {
    message: {
      zh: '有 {count} 个加密归档没有密钥，未能登记（例如 {file}）；其余已登记。',
      en: '{count} encrypted archives could not be catalogued without a key (such as {file}); all others were.',
    },
    hint: {
      zh: '请解锁密钥，或用 --passphrase-file 或 --identity-file 再运行一次“backup rebuild”。',
      en: 'Unlock the key, or run "backup rebuild" again with --passphrase-file or --identity-file.',
    },
  },
  BACKUP_RECIPIENT_INVALID: {
    message: {
      zh: '“{recipient}”不是有效的 age 公钥。',
      en: '"{recipient}" is not a valid age recipient.',
    },
    hint: {
      zh: '请完整粘贴 age1… 或 age1pq1…（来自 age-keygen 或密钥单）；不支持插件与硬件密钥。',
      en: 'Paste the whole age1… or age1pq1… from age-keygen or a key sheet; plugins and hardware keys are not supported.',
    },
  },
  BACKUP_RECIPIENTS_MIXED: {
    message: {
      zh: '抗量子公钥不能与普通公钥混用。',
      en: 'Post-quantum recipients cannot stand beside ordinary ones.',
    },
    hint: {
      zh: '混用会使整个归档只有普通强度。请全部使用 age1pq1…，或全部使用 age1…。',
      en: 'The archive would be only as strong as the ordinary ones. Use age1pq1… for all, or for none.',
    },
  },
  BACKUP_KEY_EXISTS: {
    message: { zh: '已有名为“{name}”的密钥。', en: 'There already is a key "{name}".' },
    hint: {
      zh: '请换一个名称；已有密钥仍用于打开旧归档，不能覆盖。',
      en: 'Choose another name: the existing key still opens older archives and is not replaced.',
    },
  },
  BACKUP_KEY_MISSING: {
    message: { zh: '控制台不认识该密钥：{recipient}', en: 'The console does not know this key: {recipient}' },
    hint: { zh: '请刷新密钥列表。', en: 'Refresh the list of keys.' },
  },
  BACKUP_KEY_IN_USE: {
    message: {
      zh: '密钥“{name}”仍在使用：{plans}',
      en: 'The key "{name}" is still needed: {plans}',
    },
    hint: {
      zh: '请先从这些计划中移除它；仍有用它加密的恢复点时不能删除。',
      en: 'Take it out of those plans first; while there are restore points encrypted to it, it stays.',
    },
  },
  BACKUP_PASSPHRASE_SHORT: {
    message: {
      zh: '口令太短：至少 {least} 个字符。',
      en: 'The passphrase is too short: {least} characters at least.',
    },
    hint: {
      zh: '捡到介质的人可以离线猜测口令。请使用五个以上随机词或 16 个以上随机字符。',
      en: 'Whoever finds a medium can guess at leisure. Use five random words, or 16 random characters.',
    },
  },
  BACKUP_PASSPHRASE_WRONG: {
    message: {
      zh: '口令打不开任何已知的密钥文件。',
      en: 'The passphrase opens none of the key files that are known.',
    },
    hint: {
      zh: '请检查大小写、输入法与空格；或改用身份文件（AGE-SECRET-KEY-…）或密钥单。',
      en: 'Check upper and lower case, input method and spaces; or use the identity (AGE-SECRET-KEY-…) or the key sheet.',
    },
  },
  BACKUP_NO_KEY_FILES: {
    message: {
      zh: '没有可用口令打开的密钥文件。',
      en: 'There is no key file that a passphrase could open.',
    },
    hint: {
      zh: '请连接带有 *.key.age 文件的介质，或用 --identity-file 给出密钥文件或身份。',
      en: 'Connect the medium that carries a *.key.age file, or give the key file or identity with --identity-file.',
    },
  },
  BACKUP_IDENTITY_INVALID: {
    message: {
      zh: '这不是 age 身份：其中没有可用的 AGE-SECRET-KEY-… 行。',
      en: 'This is no age identity: it has no usable AGE-SECRET-KEY-… line.',
    },
    hint: {
      zh: '请给出 age-keygen 生成的文件、密钥单上的身份，或“名称.key.age”文件加口令。',
      en: 'Give the file made by age-keygen, the identity on the key sheet, or a NAME.key.age file with its passphrase.',
    },
  },
  BACKUP_KEY_FILE_SEALED: {
    message: {
      zh: '该密钥文件受口令保护。',
      en: 'This key file is sealed by a passphrase.',
    },
    hint: {
      zh: '请同时给出口令（--passphrase-file）。',
      en: 'Give the passphrase as well (--passphrase-file).',
    },
  },
  BACKUP_SHARES_UNUSABLE: {
    message: { zh: '这些分片拼不成密钥：{zh}', en: 'These sheets do not make a key: {en}' },
    hint: {
      zh: '请核对每张分片单的文字与指纹，并凑足所需张数。',
      en: 'Compare text and fingerprint of each sheet, and bring as many as the sheets ask for.',
    },
  },
  BACKUP_KEY_NOT_UNLOCKED: {
    message: { zh: '密钥尚未解锁。', en: 'The key is not unlocked.' },
    hint: { zh: '请先用口令或身份解锁，再试一次。', en: 'Unlock it with its passphrase or identity first.' },
  },
  BACKUP_KEY_NOTHING_TO_TEST: {
    message: {
      zh: '没有可用来测试该密钥的加密归档。',
      en: 'There is no encrypted archive at hand to test this key on.',
    },
    hint: {
      zh: '请连接存放归档的介质，或先运行一次该计划。',
      en: 'Connect the medium with the archives, or run the plan once.',
    },
  },
});
