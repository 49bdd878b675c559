import { defineErrors } from '../define.ts';

const NOTHING_CHANGED = {
  zh: '请更正后重试；没有做任何更改。',
  en: 'Correct it and try again; nothing was changed.',
};

/** Expected failures of the area `inventory`. */
export const inventoryErrors = defineErrors({
  INVENTORY_CHANGED_MEANWHILE: {
    message: {
      zh: '“{name}”在您编辑期间已被更改。',
      en: '"{name}" has been changed while you edited it.',
    },
    hint: {
      zh: '请重新打开它，查看新的内容后再更改；您的更改没有保存。',
      en: 'Open it again, look at what is new, and change it then; your change was not saved.',
    },
  },
  INVENTORY_CYCLE: {
    message: {
      zh: '依赖关系成环：{cycle}。',
      en: 'The dependencies go round in a circle: {cycle}.',
    },
    hint: {
      zh: '环上的每一项都会因另一项而不可达。请去掉其中一条依赖；没有做任何更改。',
      en: 'Each of them would be unreachable because of another. Take one of these dependencies away; nothing was changed.',
    },
  },
  INVENTORY_NAME_TAKEN: {
    message: {
      zh: '已有名为“{name}”的主机或组件。',
      en: 'There already is a host or component named "{name}".',
    },
    hint: NOTHING_CHANGED,
  },
  INVENTORY_UNKNOWN: {
    message: {
      zh: '没有名为“{name}”的主机或组件。',
      en: 'There is no host or component "{name}".',
    },
    hint: NOTHING_CHANGED,
  },
  INVENTORY_LINK_TO_ITSELF: {
    message: { zh: '“{name}”不能连接到自己。', en: '"{name}" cannot be linked to itself.' },
    hint: NOTHING_CHANGED,
  },
  INVENTORY_LINK_TAKEN: {
    message: {
      zh: '从“{from}”到“{to}”已有协议相同的连接。',
      en: 'There already is a link from "{from}" to "{to}" with the same protocol.',
    },
    hint: NOTHING_CHANGED,
  },
  INVENTORY_TARGET_ELSEWHERE: {
    message: {
      zh: '所选的采集目标不属于主机“{host}”。',
      en: 'The chosen target does not belong to host "{host}".',
    },
    hint: NOTHING_CHANGED,
  },
  INVENTORY_NO_ADDRESS: {
    message: { zh: '新主机“{name}”没有地址。', en: 'The new host "{name}" has no address.' },
    hint: NOTHING_CHANGED,
  },
  INVENTORY_ROWS_REFUSED: {
    message: {
      zh: '{count} 行有误，没有导入任何内容。',
      en: '{count} rows are wrong; nothing was imported.',
    },
    hint: {
      zh: '请更正这些行，或者明确选择只导入正确的行。',
      en: 'Correct these rows, or choose explicitly to take the good ones only.',
    },
  },
  INVENTORY_FILE_ENCODING: {
    message: {
      zh: '“{file}”既不是 UTF-8、UTF-16，也不是 GB18030 编码的文本。',
      en: '"{file}" is no text in UTF-8, UTF-16 or GB18030.',
    },
    hint: {
      zh: '请在表格软件中另存为“CSV UTF-8”；没有做任何更改。',
      en: 'Save it as "CSV UTF-8" in the spreadsheet program; nothing was changed.',
    },
  },
  INVENTORY_FILE_INVALID: {
    message: { zh: '“{file}”无法读取：{zh}。', en: '"{file}" cannot be read: {en}.' },
    hint: NOTHING_CHANGED,
  },
});
