import { defineErrors } from '../define.ts';

/** Expected failures of the sealed store of secrets. */
export const secretsErrors = defineErrors({
  SECRETS_LOCKED: {
    message: {
      zh: '密码库已锁定，暂时不能使用密码和令牌。',
      en: 'The secret store is locked; passwords and tokens cannot be used now.',
    },
    hint: {
      zh: '在“设置 → 密码库”输入口令，或运行 hmtt secrets unlock。不需要密码的监控、日志、备份与恢复照常工作。',
      en: 'Enter the passphrase under Settings → Secrets, or run hmtt secrets unlock. Whatever needs no password goes on: monitoring, logs, backups, restores.',
    },
  },
  SECRETS_WRONG_PASSPHRASE: {
    message: { zh: '口令不对。', en: 'That is not the passphrase.' },
    hint: {
      zh: '检查大小写与输入法后重试。口令遗失时，其中的密码无法找回，只能重新录入。',
      en: 'Check capitals and the input method, then try again. When the passphrase is lost, the secrets are lost with it and have to be given again.',
    },
  },
  SECRETS_NO_PASSPHRASE: {
    message: { zh: '密码库没有设置口令。', en: 'The secret store has no passphrase.' },
    hint: {
      zh: '先在“设置 → 密码库”设置口令，或运行 hmtt secrets passphrase。',
      en: 'Set one first under Settings → Secrets, or with hmtt secrets passphrase.',
    },
  },
  SECRETS_PASSPHRASE_SHORT: {
    message: { zh: '口令至少需要 {least} 个字符。', en: 'A passphrase needs {least} characters at least.' },
    hint: {
      zh: '几个不相关的词连在一起，既长又好记。',
      en: 'A few words that have nothing to do with each other are long and easy to remember.',
    },
  },
  SECRETS_LAST_GUARD: {
    message: {
      zh: '口令是密码库唯一的保护，不能移除。',
      en: 'The passphrase is all that guards the secret store; it cannot be taken away.',
    },
    hint: {
      zh: '系统提供密钥环时才能只用密钥环；也可以改口令。',
      en: "It can be left to the operating system's key store only where there is one. Change the passphrase instead.",
    },
  },
  SECRETS_DAMAGED: {
    message: {
      zh: '密码库中的一条内容已损坏，或被改动过：{what}。',
      en: 'An entry of the secret store is damaged, or was tampered with: {what}.',
    },
    hint: { zh: '在原来的设置里重新输入该密码。', en: 'Give that secret again where it is set.' },
  },
  SECRET_UNKNOWN: {
    message: { zh: '密码库中没有这条密码：{id}。', en: 'The secret store has no such secret: {id}.' },
    hint: {
      zh: '设置可能来自另一台控制台；重新输入密码。',
      en: 'The setting may come from another console; give the secret again.',
    },
  },
  SECRET_ELSEWHERE: {
    message: {
      zh: '这个密码是为 {place} 保存的，不会发给 {asked}。',
      en: 'This secret was given for {place}; it is not sent to {asked}.',
    },
    hint: {
      zh: '地址改了就要重新输入密码。',
      en: 'When an address changes, its secret has to be given again.',
    },
  },
  SECRETS_KEY_FILE: {
    message: {
      zh: '密码库的密钥文件 {file} 无法使用：{why}。',
      en: 'The key file of the secret store cannot be used: {file}: {why}.',
    },
    hint: {
      zh: '从数据目录的备份中取回该文件；没有备份时，只能重新输入密码。',
      en: 'Bring the file back from a backup of the data folder; without one, the secrets have to be given again.',
    },
  },
});
