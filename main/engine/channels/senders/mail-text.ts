import { createHash } from 'node:crypto';
import type { ChannelLanguage } from '#shared/contract/channel-settings.ts';
import type { Notice } from '#shared/contract/notice.ts';
import type { Problem, Severity } from '#shared/contract/site.ts';
import type { Bilingual, Locale } from '#shared/errors/index.ts';
import type { Copy } from '../sender.ts';
import { inLanguage, SEVERITY_WORDS } from '../wording.ts';

/** One mail, before it is encoded. */
export type Mail = {
  readonly messageId: string;
  /** The mail that this one belongs to, or null when it is the first of its thread. */
  readonly inReplyTo: string | null;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly urgent: boolean;
};

/** What the mail says of where it comes from. */
export type MailSite = { readonly name: string; readonly classification: string; readonly hostName: string };

/** More alerts than this are counted, not listed: a mail is read on small screens. */
const MOST_LISTED = 50;

/**
 * The Message-ID of a copy: always the same for it. A server or reader that gets one twice, because the connection broke after
 * the server had taken it, can tell.
 */
export function messageIdOf(notice: string, to: string, from: string): string {
  const digest = createHash('sha256').update(`${notice}\0${to}`).digest('hex').slice(0, 32);
  return `<${digest}@${from.slice(from.lastIndexOf('@') + 1)}>`;
}

/**
 * Writes a notice as a mail, as plain text and as HTML with the same content. A thread's later mails answer its first one, so
 * that readers show the end of a trouble below its beginning.
 *
 * @param timeZone of the times in it; the machine's own when left out
 */
export function mailOf(
  { notice, to, thread }: Copy & { readonly to: string },
  from: string,
  language: ChannelLanguage,
  site: MailSite,
  timeZone?: string,
): Mail {
  const locales: readonly Locale[] = language === 'both' ? ['zh', 'en'] : [language];
  const parts = locales.map((locale) => partOf(notice, locale, site, timeZone));
  const mark = site.classification === '' ? '' : `[${site.classification}] `;
  return {
    messageId: messageIdOf(notice.id, to, from),
    inReplyTo: thread === notice.id ? null : messageIdOf(thread, to, from),
    subject: `${mark}[${site.name}] ${inLanguage(notice.title, language, ' / ')}`,
    text: parts.map(plain).join('\n----------------------------------------\n\n'),
    html: `<!doctype html><html lang="${locales[0] === 'zh' ? 'zh-CN' : 'en'}"><body style="font-family:sans-serif;font-size:14px;color:#1a1a1a">${parts.map(rich).join('<hr>')}</body></html>`,
    urgent: notice.alerts.some(({ severity, until }) => severity === 'critical' && until === null),
  };
}

/** The content in one language, before it is laid out. */
type Part = {
  readonly title: string;
  readonly lines: readonly string[];
  readonly rows: readonly Row[];
  /** How many more there are, or null. */
  readonly more: string | null;
  readonly foot: string;
};
type Row = {
  readonly colour: string;
  readonly state: string;
  readonly sentence: string;
  readonly when: string;
  readonly next: string;
};

const COLOURS: Readonly<Record<Severity, string>> = {
  critical: '#b42318',
  warning: '#8a5a00',
  info: '#3b4a5a',
};
const RESOLVED_COLOUR = '#1f6f3d';

const WORDS = {
  resolved: { zh: '已恢复', en: 'resolved' },
  since: { zh: '自', en: 'since' },
  until: { zh: '至', en: 'until' },
  next: { zh: '下一步', en: 'Next' },
} satisfies Record<string, Bilingual>;

function partOf(notice: Notice, locale: Locale, site: MailSite, timeZone: string | undefined): Part {
  const time = timeFormat(timeZone);
  const listed = notice.alerts.slice(0, MOST_LISTED);
  const total = Math.max(notice.counts.firing + notice.counts.resolved, notice.alerts.length);
  const left = total - listed.length;
  const more = { zh: `……另有 ${left} 条，见控制台。`, en: `… and ${left} more, see the console.` };
  return {
    title: notice.title[locale],
    lines: notice.text[locale].split('\n').filter((line) => line.trim() !== ''),
    rows: listed.map((problem) => rowOf(problem, locale, time)),
    more: left > 0 ? more[locale] : null,
    foot: footOf(notice, locale, site, time),
  };
}

function footOf(notice: Notice, locale: Locale, site: MailSite, time: (ms: number) => string): string {
  const words = {
    zh: `HMTT 运维控制台 · ${site.name}（${site.hostName}）· ${time(notice.at)}`,
    en: `HMTT Console · ${site.name} (${site.hostName}) · ${time(notice.at)}`,
  };
  return words[locale];
}

function rowOf(problem: Problem, locale: Locale, time: (ms: number) => string): Row {
  const { until, severity } = problem;
  const since = `${WORDS.since[locale]} ${time(problem.since)}`;
  return {
    colour: until === null ? COLOURS[severity] : RESOLVED_COLOUR,
    state: until === null ? SEVERITY_WORDS[severity][locale] : WORDS.resolved[locale],
    sentence: problem.sentence[locale],
    when: until === null ? since : `${since} ${WORDS.until[locale]} ${time(until)}`,
    next:
      until === null && problem.next[locale] !== '' ? `${WORDS.next[locale]}: ${problem.next[locale]}` : '',
  };
}

/** Date and time in one form for both languages, with the zone's name: whoever reads may be elsewhere. */
function timeFormat(timeZone: string | undefined): (ms: number) => string {
  const format = new Intl.DateTimeFormat('en-GB', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
    ...(timeZone === undefined ? {} : { timeZone }),
  });
  return (ms) => {
    const part = new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]));
    const get = (type: Intl.DateTimeFormatPartTypes): string => part.get(type) ?? '';
    const day = `${get('year')}-${get('month')}-${get('day')}`;
    return `${day} ${get('hour')}:${get('minute')}:${get('second')} ${get('timeZoneName')}`;
  };
}

function plain({ title, lines, rows, more, foot }: Part): string {
  const listed = rows.map(({ state, sentence, when, next }) =>
    [`[${state}] ${sentence}`, `    ${when}`, ...(next === '' ? [] : [`    ${next}`])].join('\n'),
  );
  return `${[title, lines.join('\n'), ...listed, ...(more === null ? [] : [more]), foot].join('\n\n')}\n`;
}

function rich({ title, lines, rows, more, foot }: Part): string {
  const listed = rows
    .map(
      ({ colour, state, sentence, when, next }) =>
        `<tr><td style="padding:4px 10px 8px 0;vertical-align:top;white-space:nowrap;color:${colour};font-weight:bold">${escaped(state)}</td>` +
        `<td style="padding:4px 0 8px">${escaped(sentence)}<br><span style="color:#555">${escaped(when)}</span>` +
        `${next === '' ? '' : `<br>${escaped(next)}`}</td></tr>`,
    )
    .join('');
  return (
    `<h2 style="font-size:16px;margin:8px 0">${escaped(title)}</h2>` +
    lines.map((line) => `<p style="margin:4px 0">${escaped(line)}</p>`).join('') +
    (rows.length === 0 ? '' : `<table style="border-collapse:collapse;margin-top:8px">${listed}</table>`) +
    (more === null ? '' : `<p>${escaped(more)}</p>`) +
    `<p style="color:#555;font-size:12px">${escaped(foot)}</p>`
  );
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}
