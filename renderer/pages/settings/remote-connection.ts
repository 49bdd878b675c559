import type { RequestInput } from '#shared/contract/index.ts';

/** How a server is reached, as the form has it: texts, empty where nothing is given. */
export type ConnectionDraft = {
  readonly url: string;
  readonly login: 'none' | 'basic' | 'bearer';
  readonly username: string;
  /** What was typed, or the reference to what is sealed. */
  readonly secret: string;
  readonly secretFile: string;
  readonly caFile: string;
};

type Server = RequestInput<'remote.testSource'>;

/** An empty form. */
export const NO_CONNECTION: ConnectionDraft = {
  url: '',
  login: 'none',
  username: '',
  secret: '',
  secretFile: '',
  caFile: '',
};

/** The form of settings that exist. */
export function draftOf(server: Server): ConnectionDraft {
  const { basicAuth, bearerToken, bearerTokenFile } = server;
  const isBearer = bearerToken !== undefined || bearerTokenFile !== undefined;
  return {
    url: server.url,
    login: basicAuth !== undefined ? 'basic' : isBearer ? 'bearer' : 'none',
    username: basicAuth?.username ?? '',
    secret: basicAuth?.password ?? bearerToken ?? '',
    secretFile: basicAuth?.passwordFile ?? bearerTokenFile ?? '',
    caFile: server.tls?.caFile ?? '',
  };
}

/** What the engine takes. */
export function connectionOf(
  draft: ConnectionDraft,
): Pick<Server, 'url' | 'basicAuth' | 'bearerToken' | 'bearerTokenFile' | 'tls'> {
  const { login, username, secret, secretFile, caFile } = draft;
  const password =
    secret !== '' ? { password: secret } : secretFile === '' ? {} : { passwordFile: secretFile };
  const token =
    secret !== '' ? { bearerToken: secret } : secretFile === '' ? {} : { bearerTokenFile: secretFile };
  return {
    url: draft.url.trim(),
    ...(login === 'basic' ? { basicAuth: { username, ...password } } : {}),
    ...(login === 'bearer' ? token : {}),
    ...(caFile === '' ? {} : { tls: { caFile } }),
  };
}

/** True for an address that can be sent to. */
export function isUrl(text: string): boolean {
  return /^https?:\/\/[^\s/@]+/i.test(text.trim()) && URL.canParse(text.trim());
}

/** `name=value, name=value` as labels, or null when it is something else. */
export function labelsOf(text: string): Record<string, string> | null {
  const labels: Record<string, string> = {};
  for (const part of text.split(/[,，]/)) {
    if (part.trim() === '') continue;
    const match = /^\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*(.+?)\s*$/.exec(part);
    if (match?.[1] === undefined || match[2] === undefined) return null;
    labels[match[1]] = match[2];
  }
  return labels;
}
