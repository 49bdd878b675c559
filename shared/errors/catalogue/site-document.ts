import { defineErrors } from '../define.ts';

const NOTHING_CHANGED = {
  zh: '没有做任何更改；请更正后重试。',
  en: 'Nothing was changed; correct it and try again.',
};

/** Expected failures of the site document: the whole configuration as one file. */
export const siteDocumentErrors = defineErrors({
  SITE_DOCUMENT_INVALID: {
    message: { zh: '“{file}”不能作为站点配置导入：{zh}。', en: '"{file}" cannot be imported: {en}.' },
    hint: NOTHING_CHANGED,
  },
  SITE_DOCUMENT_REFUSED: {
    message: {
      zh: '站点配置有 {count} 处有误，没有导入任何内容。',
      en: '{count} places of the document are wrong; nothing was imported.',
    },
    hint: {
      zh: '请按列出的字段更正文件，或在导出它的控制台上更正后重新导出。',
      en: 'Correct the fields that are listed, or correct them on the console that exported it and export again.',
    },
  },
  SITE_SECTION_UNREADABLE: {
    message: {
      zh: '“{section}”部分无法读取：{why}。没有导出任何内容。',
      en: 'The section "{section}" cannot be read: {why}. Nothing was exported.',
    },
    hint: {
      zh: '这些设置可能由另一版本写入；请打开对应页面检查并重新保存。',
      en: 'Another version may have written these settings; look at them on their page and save them again.',
    },
  },
  SITE_SECRETS_SEALED: {
    message: {
      zh: '文件中的密码和密钥是加密的，需要口令或身份文件才能导入。',
      en: 'The passwords and keys in the file are sealed; a passphrase or an identity opens them.',
    },
    hint: {
      zh: '请提供导出时的口令或 age 身份文件，或者选择不导入密码，之后再录入。',
      en: 'Give the passphrase or the age identity of the export, or import without secrets and enter them later.',
    },
  },
  SITE_SECRETS_WRONG_KEY: {
    message: {
      zh: '口令或身份不对，文件中的密码打不开。',
      en: 'That passphrase or identity does not open the secrets of the file.',
    },
    hint: NOTHING_CHANGED,
  },
  SITE_KEYS_TWO: {
    message: {
      zh: '密码要么用口令加密，要么加密给 age 收件人，不能同时使用。',
      en: 'Secrets are sealed with a passphrase or to age recipients, not both.',
    },
    hint: { zh: '请只选择一种。', en: 'Choose one of them.' },
  },
  SITE_RULES_WRONG: {
    message: {
      zh: '规则文件“{file}”第 {line} 行有误：{why}',
      en: 'Rule file "{file}", line {line}: {why}',
    },
    hint: NOTHING_CHANGED,
  },
  SITE_NAME_TAKEN: {
    message: {
      zh: '这台控制台上已有另一个名为“{name}”的条目。',
      en: 'This console has another entry that is called "{name}".',
    },
    hint: {
      zh: '请在其中一边改名后重试；没有做任何更改。',
      en: 'Rename one of the two and try again; nothing was changed.',
    },
  },
});
