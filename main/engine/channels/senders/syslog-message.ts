import type { ChannelLanguage, SettingsOf } from '#shared/contract/channel-settings.ts';
import { SYSLOG_FACILITIES } from '#shared/contract/channel-settings.ts';
import type { Notice } from '#shared/contract/notice.ts';
import type { Problem, Severity } from '#shared/contract/site.ts';
import { inLanguage } from '../wording.ts';

/** RFC 5424, section 6.2.1, table 2. */
const CODES: Readonly<Record<Severity, number>> = { critical: 2, warning: 4, info: 6 };
const NOTICE = 5;
/**
 * Private enterprise number of the structured data: the one that RFC 5612 keeps for documentation, since the product has none
 * of its own.
 */
const DATA_ID = 'hmtt@32473';
/** What every receiver of RFC 5426 should take in one datagram. */
export const DATAGRAM_BYTES = 2_048;
/** What a receiver takes of one message over a stream at least by default (rsyslog's `maxMessageSize`). */
export const STREAM_BYTES = 8_192;

/** Who sends. */
export type SyslogOrigin = { readonly hostName: string; readonly pid: number };

/**
 * One message of RFC 5424 for each alert of a notice; a notice without alerts (a test) is one message of its own.
 *
 * @param longest bytes of one message; a longer one is cut at a character's edge
 */
export function syslogMessages(
  notice: Notice,
  settings: Pick<SettingsOf<'syslog'>, 'facility' | 'language'>,
  origin: SyslogOrigin,
  longest: number,
): readonly Buffer[] {
  const facility = SYSLOG_FACILITIES.indexOf(settings.facility);
  const head = (code: number): string => {
    const time = new Date(notice.at).toISOString();
    return `<${facility * 8 + code}>1 ${time} ${name(origin.hostName, 255)} hmtt-console ${origin.pid} ${notice.kind}`;
  };
  const whole = (code: number, data: Readonly<Record<string, string>>, text: string): Buffer =>
    // The mark of order says that the text is UTF-8 (section 6.4).
    cut(Buffer.from(`${head(code)} ${structured(data)} \ufeff${flat(text)}`, 'utf8'), longest);
  if (notice.alerts.length === 0)
    return [whole(NOTICE, { notice: notice.id }, inLanguage(notice.title, settings.language, ' / '))];
  return notice.alerts.map((problem) =>
    whole(
      problem.until === null ? CODES[problem.severity] : NOTICE,
      {
        alertname: problem.labels.alertname ?? problem.condition,
        severity: problem.severity,
        status: problem.until === null ? 'firing' : 'resolved',
        host: problem.labels.host ?? problem.labels.instance ?? '',
        since: new Date(problem.since).toISOString(),
        notice: notice.id,
      },
      sentence(problem, settings.language),
    ),
  );
}

function sentence(problem: Problem, language: ChannelLanguage): string {
  const ended =
    problem.until === null ? '' : inLanguage({ zh: '已恢复：', en: 'resolved: ' }, language, ' / ');
  return ended + inLanguage(problem.sentence, language, ' / ');
}

/** Frames a message for a stream by its length (RFC 6587, section 3.4.1), so that it may hold any character. */
export function framed(message: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${message.length} `, 'ascii'), message]);
}

function structured(data: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(data)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => ` ${key}="${flat(value).replace(/["\\\]]/g, '\\$&')}"`);
  return `[${DATA_ID}${pairs.join('')}]`;
}

/** One line: receivers that split at line ends must not find any. */
function flat(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').trim();
}

/** Printable ASCII without blanks, as names of the head have to be. */
function name(text: string, longest: number): string {
  const plain = text.replace(/[^!-~]/g, '').slice(0, longest);
  return plain === '' ? '-' : plain;
}

function cut(message: Buffer, longest: number): Buffer {
  if (message.length <= longest) return message;
  let end = longest;
  // Bytes 10xxxxxx continue a character.
  while (end > 0 && ((message[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return message.subarray(0, end);
}
