import type { Bilingual } from '#shared/errors/index.ts';
import type { Directive } from './read.ts';

/** What the directives of a block add up to; its beginning is what logrotate does without any. */
export type BlockSettings = {
  /** The last of size, daily, weekly, … counts. */
  readonly criterion:
    | { readonly kind: 'size'; readonly bytes: number }
    | { readonly kind: 'time'; readonly cron: string; readonly isHourly: boolean };
  readonly minBytes: number | null;
  readonly maxBytes: number | null;
  readonly rotate: number | null;
  readonly maxAge: number | null;
  readonly start: number;
  readonly compress: boolean;
  readonly compressWith: 'gzip' | 'zstd';
  readonly compressExtension: string | null;
  readonly delayCompress: boolean;
  readonly dated: boolean;
  readonly dateFormat: string | null;
  readonly yesterday: boolean;
  readonly extension: string;
  readonly oldDir: string | null;
  readonly create: { mode: string | null; user: string | null; group: string | null } | null;
  readonly copyTruncate: boolean;
  readonly missingOk: boolean;
  readonly skipEmpty: boolean;
  readonly hooks: {
    readonly first: string | null;
    readonly before: string | null;
    readonly after: string | null;
    readonly last: string | null;
    readonly shared: boolean;
  };
};

/** Settings before any directive. */
export function newSettings(): BlockSettings {
  return {
    // A minimum of 1 MiB is what logrotate takes when nothing is said.
    criterion: { kind: 'size', bytes: 1 << 20 },
    minBytes: null,
    maxBytes: null,
    rotate: 0,
    maxAge: null,
    start: 1,
    compress: false,
    compressWith: 'gzip',
    compressExtension: null,
    delayCompress: false,
    dated: false,
    dateFormat: null,
    yesterday: false,
    extension: '',
    oldDir: null,
    create: null,
    copyTruncate: false,
    missingOk: false,
    skipEmpty: false,
    hooks: { first: null, before: null, after: null, last: null, shared: false },
  };
}

/** New settings, or why the directive cannot be taken. */
export type Applied =
  | { readonly settings: BlockSettings; readonly warning?: Bilingual }
  | { readonly settings?: undefined; readonly refusal: Bilingual; readonly warning?: undefined };

const refuse = (zh: string, en: string): Applied => ({ refusal: { zh, en } });
const BAD_VALUE = refuse('值无效。', 'Its value cannot be used.');
const time = (settings: BlockSettings, cron: string, isHourly = false): Applied => ({
  settings: { ...settings, criterion: { kind: 'time', cron, isHourly } },
});

/** `100`, `100k`, `100M`, `1G`; null when it is none. */
function bytesOf(text: string | undefined): number | null {
  const found = /^(\d+)([kMG]?)$/.exec(text ?? '');
  if (found === null) return null;
  const factor = { k: 1024, M: 1024 ** 2, G: 1024 ** 3 }[found[2] ?? ''] ?? 1;
  return Number(found[1]) * factor;
}

const numberOf = (text: string | undefined): number | null =>
  /^-?\d+$/.test(text ?? '') ? Number(text) : null;

type Apply = (settings: BlockSettings, args: readonly string[], script: string | null) => Applied;

const set =
  (change: Partial<BlockSettings>): Apply =>
  (settings) => ({ settings: { ...settings, ...change } });
const ignored: Apply = (settings) => ({ settings });
const ignoredWith =
  (zh: string, en: string): Apply =>
  (settings) => ({ settings, warning: { zh, en } });
const hook =
  (name: 'first' | 'before' | 'after' | 'last'): Apply =>
  (settings, _args, script) => ({
    settings: { ...settings, hooks: { ...settings.hooks, [name]: script || null } },
  });
const sharing =
  (shared: boolean): Apply =>
  (settings) => ({ settings: { ...settings, hooks: { ...settings.hooks, shared } } });
const bytes =
  (field: 'minBytes' | 'maxBytes'): Apply =>
  (settings, [text]) => {
    const value = bytesOf(text);
    return value === null ? BAD_VALUE : { settings: { ...settings, [field]: value } };
  };

const DIRECTIVES: Readonly<Record<string, Apply>> = {
  hourly: (settings) => time(settings, '0 * * * *', true),
  daily: (settings) => time(settings, '0 0 * * *'),
  weekly: (settings, [day]) => {
    const weekday = day === undefined ? 0 : numberOf(day);
    if (weekday === null || weekday < 0 || weekday > 6)
      return refuse('只支持星期 0–6。', 'Only the weekdays 0 to 6 can be taken.');
    return time(settings, `0 0 * * ${weekday}`);
  },
  monthly: (settings, [day]) =>
    day === undefined || /^(?:[1-9]|[12]\d|3[01])$/.test(day)
      ? time(settings, `0 0 ${day ?? 1} * *`)
      : BAD_VALUE,
  yearly: (settings) => time(settings, '0 0 1 1 *'),
  size: (settings, [text]) => {
    const value = bytesOf(text);
    return value === null || value === 0
      ? BAD_VALUE
      : { settings: { ...settings, criterion: { kind: 'size', bytes: value } } };
  },
  minsize: bytes('minBytes'),
  maxsize: bytes('maxBytes'),
  rotate: (settings, [text]) => {
    const value = numberOf(text);
    if (value === null || value < -1) return BAD_VALUE;
    return { settings: { ...settings, rotate: value === -1 ? null : value } };
  },
  maxage: (settings, [text]) => {
    const value = numberOf(text);
    return value === null || value < 1 ? BAD_VALUE : { settings: { ...settings, maxAge: value } };
  },
  start: (settings, [text]) => {
    const value = numberOf(text);
    return value === null || value < 0 ? BAD_VALUE : { settings: { ...settings, start: value } };
  },
  compress: set({ compress: true }),
  nocompress: set({ compress: false }),
  compresscmd: (settings, [command = '']) => {
    const program = command.split('/').at(-1);
    if (program === 'gzip' || program === 'pigz') return { settings: { ...settings, compressWith: 'gzip' } };
    if (program === 'zstd')
      return {
        settings: {
          ...settings,
          compressWith: 'zstd',
          compressExtension: settings.compressExtension ?? '.zst',
        },
      };
    return refuse('只支持 gzip 与 zstd。', 'Only gzip and zstd can be taken.');
  },
  compressext: (settings, [text]) =>
    text === undefined || text.includes('/')
      ? BAD_VALUE
      : { settings: { ...settings, compressExtension: text } },
  compressoptions: ignoredWith('压缩级别由控制台决定。', 'The console chooses the level of compression.'),
  uncompresscmd: ignored,
  delaycompress: set({ delayCompress: true }),
  nodelaycompress: set({ delayCompress: false }),
  dateext: set({ dated: true }),
  nodateext: set({ dated: false }),
  dateformat: (settings, [text]) => {
    if (text === undefined || text.includes('/') || /%[^YmdHMSsV%]/.test(text)) return BAD_VALUE;
    return { settings: { ...settings, dateFormat: text } };
  },
  dateyesterday: set({ yesterday: true }),
  datehourago: set({ yesterday: true }),
  extension: (settings, [text]) =>
    text === undefined || text.includes('/') ? BAD_VALUE : { settings: { ...settings, extension: text } },
  olddir: (settings, [dir]) =>
    dir?.startsWith('/')
      ? { settings: { ...settings, oldDir: dir } }
      : refuse('只支持绝对路径。', 'Only an absolute path can be taken.'),
  noolddir: set({ oldDir: null }),
  createolddir: ignored,
  nocreateolddir: ignored,
  create: (settings, args) => {
    const mode = args[0] !== undefined && /^[0-7]{3,4}$/.test(args[0]) ? args[0].slice(-3) : null;
    const [user, group] = mode === null ? args : args.slice(1);
    return { settings: { ...settings, create: { mode, user: user ?? null, group: group ?? null } } };
  },
  nocreate: set({ create: null }),
  copytruncate: (settings) => ({
    settings: { ...settings, copyTruncate: true },
    warning: {
      zh: '复制后截断会丢失截断瞬间写入的行。',
      en: 'copytruncate loses what is written at the moment of the truncation.',
    },
  }),
  nocopytruncate: set({ copyTruncate: false }),
  nocopy: ignored,
  norenamecopy: ignored,
  missingok: set({ missingOk: true }),
  nomissingok: set({ missingOk: false }),
  ifempty: set({ skipEmpty: false }),
  notifempty: set({ skipEmpty: true }),
  sharedscripts: sharing(true),
  nosharedscripts: sharing(false),
  prerotate: hook('before'),
  postrotate: hook('after'),
  firstaction: hook('first'),
  lastaction: hook('last'),
  su: ignoredWith(
    '由控制台自己的用户轮转，不切换用户。',
    'The console rotates as its own user; it does not switch.',
  ),
  nomail: ignored,
  mailfirst: ignored,
  maillast: ignored,
  noshred: ignored,
  ignoreduplicates: ignored,
  allowhardlink: ignored,
};

/** Why well-known directives are not taken; all others are not known. */
const REFUSED: Readonly<Record<string, Bilingual>> = {
  mail: { zh: '不发送日志邮件；请改用归档。', en: 'Logs are not sent by mail; archive them instead.' },
  shred: {
    zh: '不擦除删除的文件；请改用加密。',
    en: 'Removed files are not overwritten; encrypt them instead.',
  },
  copy: { zh: '只复制不截断不是轮转。', en: 'A copy without truncation is no rotation.' },
  renamecopy: {
    zh: '不需要：归档总是先改名再复制。',
    en: 'Not needed: archiving renames first and copies then.',
  },
  preremove: { zh: '不支持删除前脚本。', en: 'Scripts before a removal are not supported.' },
  minage: { zh: '不支持；请改用计划。', en: 'Not supported; use a schedule.' },
  addextension: { zh: '不支持；请改用 extension。', en: 'Not supported; use extension.' },
  taboopat: { zh: '不支持；请改用 tabooext。', en: 'Not supported; use tabooext.' },
};

/** Applies one directive. */
export function applyDirective(settings: BlockSettings, { name, args, script }: Directive): Applied {
  const apply = Object.hasOwn(DIRECTIVES, name) ? DIRECTIVES[name] : undefined;
  if (apply !== undefined) return apply(settings, args, script);
  const why = Object.hasOwn(REFUSED, name) ? REFUSED[name] : undefined;
  return { refusal: why ?? { zh: '不认识这个指令。', en: 'This directive is not known.' } };
}
