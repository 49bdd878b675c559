import { type LogEncoding, type LogMultiline, logMultilineSchema } from '#shared/contract/logs-reading.ts';
import { grokExpression } from '../../parse/grok.ts';
import { checkMultiline } from '../../tail/joining.ts';
import { type Findings, PluginOptions } from './options.ts';

/** How a source reads its files, as a codec says it. */
export type ImportedReading = {
  readonly format: 'auto' | 'json';
  readonly encoding: LogEncoding;
  readonly multiline: LogMultiline;
};

const PLAIN: ImportedReading = { format: 'auto', encoding: 'auto', multiline: { kind: 'none' } };
const CHARSETS: Readonly<Record<string, LogEncoding>> = {
  'utf-8': 'utf-8',
  'us-ascii': 'utf-8',
  'utf-16le': 'utf-16le',
  'utf-16be': 'utf-16be',
  gb18030: 'gb18030',
  gbk: 'gb18030',
  gb2312: 'gb18030',
  cp936: 'gb18030',
};
/** Patterns of lines that are indented, as Logstash's own documentation writes them. */
const INDENTED = new Set(['^\\s', '^\\s+', '^[ \\t]', '^[ \\t]+', '^[[:space:]]', '^%{SPACE}']);

/** Reads the codec of an input that reads files; what it cannot be is refused, by name and line. */
export function readCodec(options: PluginOptions, findings: Findings): ImportedReading {
  const codec = options.plugin('codec');
  if (codec === undefined) return PLAIN;
  const own = new PluginOptions(codec, findings);
  if (!['plain', 'line', 'json', 'json_lines', 'multiline'].includes(codec.name)) {
    options.refuse({ zh: `不支持编解码 ${codec.name}`, en: `the codec ${codec.name} is not taken` }, 'codec');
    return PLAIN;
  }
  const charset = own.text('charset');
  const encoding = charset === undefined ? 'auto' : CHARSETS[charset.toLowerCase()];
  if (encoding === undefined)
    own.refuse({ zh: `不支持字符集 ${charset}`, en: `the character set ${charset} is not taken` }, 'charset');
  const multiline = codec.name === 'multiline' ? readMultiline(own) : PLAIN.multiline;
  own.end();
  return {
    format: codec.name.startsWith('json') ? 'json' : 'auto',
    encoding: encoding ?? 'auto',
    multiline,
  };
}

function readMultiline(options: PluginOptions): LogMultiline {
  const pattern = options.text('pattern') ?? '';
  const isNegated = options.flag('negate') === true;
  const what = options.text('what');
  const seconds = Number(options.text('auto_flush_interval') ?? '2');
  const lines = Number(options.text('max_lines') ?? '500');
  options.ignore(['multiline_tag', 'max_bytes'], {
    zh: '在控制台中没有对应含义，已忽略',
    en: 'has no meaning in the console, ignored',
  });
  if (what !== 'previous' || (!isNegated && !INDENTED.has(pattern))) {
    options.refuse({
      zh: '只支持 what => previous，且 pattern 为事件首行（negate => true）或缩进（"^\\s"）',
      en: 'what must be previous, and the pattern that of an event\'s first line (negate => true) or indentation ("^\\s")',
    });
    return PLAIN.multiline;
  }
  const expanded = isNegated ? grokExpression(pattern) : null;
  if (expanded !== null && !expanded.ok) {
    options.refuse(expanded.error.message, 'pattern');
    return PLAIN.multiline;
  }
  const checked = logMultilineSchema.safeParse({
    kind: 'start',
    pattern: expanded?.value ?? '^\\S',
    maxLines: lines,
    flushMs: seconds * 1000,
  });
  if (!checked.success) {
    const [issue] = checked.error.issues;
    const setting = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
    options.refuse({ zh: `设置不可用（${setting}）`, en: `cannot be used (${setting})` });
    return PLAIN.multiline;
  }
  const begins = checkMultiline(checked.data);
  if (!begins.ok) options.refuse(begins.error.message, 'pattern');
  return checked.data;
}
