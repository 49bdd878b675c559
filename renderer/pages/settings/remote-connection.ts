import type { RequestInput } from '#shared/contract/index.ts';

/** How a server is reached, as the form has it: texts, empty where nothing is given. */
export type ConnectionDraft = {
  readonly url: string;
  readonly login: 'none' | 'basic' | 'bearer';
  readonly username: string;
  readonly secretFile: string;
  readonly caFile: string;
};

type Server = RequestInput<'remote.testSource'>;

/** An empty form. */
export const NO_CONNECTION: ConnectionDraft = {
  url: '',
  login: 'none',
  username: '',
  secretFile: '',
  caFile: '',
};

/** The form of settings that exist. */
export function draftOf(server: Server): ConnectionDraft {
  const { basicAuth, bearerTokenFile } = server;
  return {
    url: server.url,
    login: basicAuth !== undefined ? 'basic' : bearerTokenFile !== undefined ? 'bearer' : 'none',
    username: basicAuth?.username ?? '',
    secretFile: basicAuth?.passwordFile ?? bearerTokenFile ?? '',
    caFile: server.tls?.caFile ?? '',
  };
}

/** What the engine takes. */
export function connectionOf(
  draft: ConnectionDraft,
): Pick<Server, 'url' | 'basicAuth' | 'bearerTokenFile' | 'tls'> {
  const { login, username, secretFile, caFile } = draft;
  return {
    url: draft.url.trim(),
    ...(login === 'basic'
      ? { basicAuth: { username, ...(secretFile === '' ? {} : { passwordFile: secretFile }) } }
      : {}),
    ...(login === 'bearer' && secretFile !== '' ? { bearerTokenFile: secretFile } : {}),
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
