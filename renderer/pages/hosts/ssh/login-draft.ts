import type { RequestInput, RequestOutput } from '#shared/contract/index.ts';

/** A login as it is shown. */
export type ShownLogin = RequestOutput<'ssh.logins.list'>['logins'][number];

/** A login as its form has it; texts as typed, secrets typed or as references. */
export type LoginDraft = {
  readonly id: string | null;
  readonly name: string;
  readonly host: string;
  readonly port: string;
  readonly user: string;
  readonly kind: 'key' | 'agent' | 'password';
  readonly keyFrom: 'file' | 'text';
  readonly keyFile: string;
  readonly privateKey: string;
  readonly passphrase: string;
  readonly passphraseFile: string | null;
  readonly socket: string;
  readonly password: string;
  readonly passwordFile: string | null;
  readonly via: string;
};

/** An empty form. */
export const NEW_LOGIN: LoginDraft = {
  id: null,
  name: '',
  host: '',
  port: '22',
  user: '',
  kind: 'key',
  keyFrom: 'file',
  keyFile: '',
  privateKey: '',
  passphrase: '',
  passphraseFile: null,
  socket: '',
  password: '',
  passwordFile: null,
  via: '',
};

/** The form of a login that exists. */
export function draftOf({ id, name, host, port, user, auth, via }: ShownLogin): LoginDraft {
  const base = { ...NEW_LOGIN, id, name, host, port: String(port), user, kind: auth.kind, via: via ?? '' };
  if (auth.kind === 'agent') return { ...base, socket: auth.socket ?? '' };
  if (auth.kind === 'password')
    return { ...base, password: auth.password ?? '', passwordFile: auth.passwordFile };
  return {
    ...base,
    keyFrom: auth.keyFile === null ? 'text' : 'file',
    keyFile: auth.keyFile ?? '',
    privateKey: auth.privateKey ?? '',
    passphrase: auth.passphrase ?? '',
    passphraseFile: auth.passphraseFile,
  };
}

/** What the engine takes; null while something is missing. */
export function loginOf(draft: LoginDraft): RequestInput<'ssh.logins.put'> | null {
  const auth = authOf(draft);
  const port = /^\d{1,5}$/.test(draft.port.trim()) ? Number(draft.port) : 0;
  const [name, host, user] = [draft.name.trim(), draft.host.trim(), draft.user.trim()];
  if (auth === null || port < 1 || port > 65_535 || name === '' || host === '' || user === '') return null;
  return { id: draft.id, name, host, port, user, auth, via: draft.via === '' ? null : draft.via };
}

function authOf(draft: LoginDraft): RequestInput<'ssh.logins.put'>['auth'] | null {
  switch (draft.kind) {
    case 'agent':
      return { kind: 'agent', socket: draft.socket.trim() === '' ? null : draft.socket.trim() };
    case 'password':
      if (draft.password !== '') return { kind: 'password', password: draft.password };
      return draft.passwordFile === null ? null : { kind: 'password', passwordFile: draft.passwordFile };
    case 'key': {
      const passphrase =
        draft.passphrase === '' ? { passphraseFile: draft.passphraseFile } : { passphrase: draft.passphrase };
      if (draft.keyFrom === 'text')
        return draft.privateKey === '' ? null : { kind: 'key', privateKey: draft.privateKey, ...passphrase };
      const keyFile = draft.keyFile.trim();
      return keyFile === '' ? null : { kind: 'key', keyFile, ...passphrase };
    }
  }
}

/** A fingerprint in groups of four, so that two people can read it to each other. */
export function grouped(fingerprint: string): string {
  const [kind = '', digest = ''] = fingerprint.split(/:(.*)/s);
  return `${kind}: ${digest.match(/.{1,4}/g)?.join(' ') ?? ''}`;
}

/** The command that shows a host's own fingerprint of a type of key. */
export function compareCommand(type: string): string {
  const name = type === 'ssh-rsa' ? 'rsa' : type.startsWith('ecdsa') ? 'ecdsa' : 'ed25519';
  return `ssh-keygen -lf /etc/ssh/ssh_host_${name}_key.pub`;
}
