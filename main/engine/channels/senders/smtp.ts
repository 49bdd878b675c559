import { isIP } from 'node:net';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { mailAddressSchema, type SettingsOf } from '#shared/contract/channel-settings.ts';
import { type AppError, appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { readSecret } from '../../platform/http/credentials.ts';
import { loadTls } from '../../platform/http/tls-options.ts';
import { type SecretSource, secretText } from '../../platform/secrets.ts';
import type { Timers } from '../../platform/timers.ts';
import { channelPlace } from '../channel-secrets.ts';
import { later, never, oneLine, type Sender, type SendFailure, type SendOutcome } from '../sender.ts';
import { type Mail, type MailSite, mailOf } from './mail-text.ts';

type Settings = SettingsOf<'smtp'>;

/** What an SMTP conversation failed with, as nodemailer tells it. */
type SmtpError = Error & {
  readonly code?: string | undefined;
  readonly command?: string | undefined;
  readonly response?: string | undefined;
  readonly responseCode?: number | undefined;
};

/** Where a conversation stands; what a timeout says. */
type Stage = 'connect' | 'login' | 'send';

/**
 * Mails through a relay. One conversation for each copy: an alert is rare, and a password that was changed is used at once.
 * "Taken" is the relay's 250 after the message, nothing before it.
 */
export function smtpSender(site: () => MailSite, secrets: SecretSource, timers: Timers): Sender<'smtp'> {
  return {
    send: async (settings, copy, signal) => {
      const to = copy.to ?? settings.to[0] ?? '';
      if (!mailAddressSchema.safeParse(to).success) return never(appError('CHANNEL_BAD_ADDRESSEE', { to }));
      const ready = await prepare(settings, secrets);
      if (!ready.ok) return later(ready.error, ready.error.detail ?? '');
      const mail = mailOf({ ...copy, to }, settings.from, settings.language, site());
      const bytes = await encode(mail, settings.from, to, copy.notice.at);
      return converse(settings, ready.value, { to, bytes }, timers, signal);
    },
  };
}

type Ready = {
  readonly tls: object;
  readonly login: { readonly user: string; readonly pass: string } | null;
};

/** Reads the files that the settings name, and opens what they have sealed. */
async function prepare(settings: Settings, secrets: SecretSource): Promise<Result<Ready>> {
  const where = `${settings.host}:${settings.port}`;
  if (settings.login !== undefined && settings.security === 'none' && !isThisMachine(settings.host))
    return err(appError('CHANNEL_LOGIN_UNENCRYPTED'));
  const tls = await loadTls(settings.tls, secrets);
  if (!tls.ok) return err(appError('CHANNEL_TLS', { where, why: tls.error.message }));
  if (settings.login === undefined) return ok({ tls: tls.value, login: null });
  const { password, passwordFile } = settings.login;
  const secret =
    password === undefined
      ? await readSecret(passwordFile ?? '')
      : secretText(secrets, password, channelPlace(settings));
  if (!secret.ok) return secret;
  return ok({ tls: tls.value, login: { user: settings.login.username, pass: secret.value } });
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

async function encode(mail: Mail, from: string, to: string, at: number): Promise<Buffer> {
  const composer = new MailComposer({
    from,
    to,
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    messageId: mail.messageId,
    date: new Date(at),
    ...(mail.inReplyTo === null ? {} : { inReplyTo: mail.inReplyTo, references: mail.inReplyTo }),
    ...(mail.urgent ? { priority: 'high' } : {}),
    // RFC 3834: nobody's holiday answer is to come back.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}

type Letter = { readonly to: string; readonly bytes: Buffer };

function converse(
  settings: Settings,
  { tls, login }: Ready,
  { to, bytes }: Letter,
  timers: Timers,
  signal: AbortSignal,
): Promise<SendOutcome> {
  const { host, port, security, timeoutMs } = settings;
  const where = `${host}:${port}`;
  return new Promise((resolve) => {
    const connection = new SMTPConnection({
      host,
      port,
      secure: security === 'tls',
      requireTLS: security === 'starttls',
      ignoreTLS: security === 'none',
      tls,
      // The whole conversation has one timeout of its own; these only end parts of it that it would not reach.
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      dnsTimeout: timeoutMs,
      socketCloseTimeout: 1_000,
      maxResponseSize: 64 * 1024,
      logger: false,
    });
    let stage: Stage = 'connect';
    let isSettled = false;
    const settle = (outcome: SendOutcome): void => {
      if (isSettled) return;
      isSettled = true;
      cancelTimer();
      signal.removeEventListener('abort', onAbort);
      if (outcome.ok) connection.quit();
      else connection.close();
      resolve(outcome);
    };
    const onAbort = (): void => settle(later(appError('CANCELLED')));
    const cancelTimer = timers.after(timeoutMs, () =>
      settle(later(appError('CHANNEL_TIMEOUT', { where, seconds: timeoutMs / 1000, step: stage }))),
    );
    const fail = (thrown: SmtpError): void => settle(judge(thrown, stage, where));
    signal.addEventListener('abort', onAbort, { once: true });
    // Errors that come after the outcome are of no interest, but without a listener they would end the engine.
    connection.on('error', fail);
    connection.once('end', () => fail(new Error('the other side closed the connection')));
    const send = (): void => {
      stage = 'send';
      connection.send(
        { from: settings.from, to: [to], size: bytes.length, use8BitMime: false },
        bytes,
        (error, info) => {
          if (error) fail(error);
          else settle({ ok: true, answer: oneLine(info?.response ?? '') });
        },
      );
    };
    connection.connect((error) => {
      if (error) fail(error);
      else if (login === null) send();
      else {
        stage = 'login';
        connection.login({ user: login.user, pass: login.pass }, (refused) => {
          if (refused) fail(refused);
          else send();
        });
      }
    });
    if (signal.aborted) onAbort();
  });
}

/**
 * What a failed conversation means. A 5yz to the letter is for good (RFC 5321, section 4.2.1), a 4yz to it may pass, and what
 * happened before it (connection, TLS, login) concerns every letter.
 */
function judge(thrown: SmtpError, stage: Stage, where: string): SendFailure {
  const answer = oneLine(thrown.response ?? describeThrown(thrown));
  const status = thrown.responseCode ?? 0;
  const detail = { detail: `${thrown.code ?? 'error'} ${thrown.command ?? ''}: ${describeThrown(thrown)}` };
  const error = (code: 'CHANNEL_REFUSED' | 'CHANNEL_NOT_NOW' | 'CHANNEL_LOGIN_REFUSED'): AppError =>
    appError(code, { where, answer }, detail);
  if (stage === 'login') return later(error('CHANNEL_LOGIN_REFUSED'), answer);
  if (thrown.code === 'ETLS' || isCertificateError(thrown))
    return later(appError('CHANNEL_TLS', { where, why: answer }, detail), answer);
  if (stage === 'send' && status >= 500)
    return aboutTheLogin(status)
      ? later(error('CHANNEL_LOGIN_REFUSED'), answer)
      : never(error('CHANNEL_REFUSED'), answer);
  // 421: the whole server goes down, not this letter.
  if (status >= 400)
    return later(
      error('CHANNEL_NOT_NOW'),
      answer,
      stage === 'send' && status !== 421 ? 'later' : 'all-later',
    );
  return later(appError('CHANNEL_UNREACHABLE', { where, why: answer }, detail), answer);
}

/** 530 and 535 say that a login is wanted or wrong, whichever command they answer: a person can put that right. */
function aboutTheLogin(status: number): boolean {
  return status === 530 || status === 535 || status === 538;
}

function isCertificateError({ code, message }: SmtpError): boolean {
  return code === 'ESOCKET' && /certificate|self.signed|SSL|TLS|altnames/i.test(message);
}
