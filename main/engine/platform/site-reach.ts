import type { Bilingual } from '#shared/errors/index.ts';
import { visibleText } from './visible-text.ts';

type Maybe = string | null | undefined;

/** A file that a login is read from, and what it is for: what stands in the file goes there. */
export type LoginFile = {
  readonly file: Maybe;
  readonly to: string;
  /** What else decides where it goes, such as rules; compared, not shown. */
  readonly by?: string;
};

/** What an entry of a site document makes the console send, and read to log in. */
export type Reach = {
  /** Addresses that notices, samples, events and named secrets go to. */
  readonly sendsTo: readonly Maybe[];
  readonly loginFiles: readonly LoginFile[];
};

/** Settings of a connection that may name files for its login; all of them optional, as scrapes, channels and servers have them. */
export type FileLogin = {
  readonly basicAuth?: { readonly passwordFile?: Maybe } | undefined;
  readonly login?: { readonly passwordFile?: Maybe } | undefined;
  readonly bearerTokenFile?: Maybe;
  readonly tls?: { readonly keyFile?: Maybe } | undefined;
};

/** Files that a connection reads its login from. @param to the address that it is for @param by what else decides where it goes */
export function loginFiles(
  to: string,
  { basicAuth, login, bearerTokenFile, tls }: FileLogin,
  by = '',
): LoginFile[] {
  return [basicAuth?.passwordFile, login?.passwordFile, bearerTokenFile, tls?.keyFile].map((file) => ({
    file,
    to,
    by,
  }));
}

/** Characters of an address or a path that are shown. */
const MOST_SHOWN = 500;

/**
 * Says of addresses and files what is not so yet: a document may be that of somebody hostile, and what leaves the console by it is not
 * found out later. A file that is read already is said again when what is in it would go elsewhere.
 *
 * @param before what the entry that is kept reaches; null for a new one
 */
export function newReach(after: Reach, before: Reach | null): Bilingual[] {
  const whole = ({ file, to, by = '' }: LoginFile): string => JSON.stringify([file, to, by]);
  const knownTo = new Set(before?.sendsTo);
  const knownFiles = new Set(before?.loginFiles.map(whole));
  const isNamed = (text: Maybe): text is string => typeof text === 'string' && text !== '';
  const addresses = after.sendsTo.filter(isNamed).filter((address) => !knownTo.has(address));
  const files = after.loginFiles.filter((one) => isNamed(one.file) && !knownFiles.has(whole(one)));
  return [
    ...[...new Set(addresses)].map((address) => ({
      zh: `将发送到新地址：${shown(address)}`,
      en: `it will send to a new address: ${shown(address)}`,
    })),
    ...[...new Map(files.map((one) => [whole(one), one])).values()].map(({ file, to }) => ({
      zh: `将从文件读取登录信息：${shown(file ?? '')}，用于 ${shown(to)}`,
      en: `it will read a login from the file: ${shown(file ?? '')}, for ${shown(to)}`,
    })),
  ];
}

function shown(text: string): string {
  return visibleText(text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text);
}
