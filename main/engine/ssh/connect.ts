import { readFile, stat } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import type { Client, ConnectConfig } from 'ssh2';
import type { HostKey, SshLogin } from '#shared/contract/ssh.ts';
import { type AppError, appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { type SecretSource, secretText } from '../platform/secrets.ts';
import { hostKeyAlgorithms, judgeHostKey, readHostKey } from './host-key.ts';

/** How long a host may take from dialling to being logged in. */
const READY_MS = 20_000;
/** A silent connection is asked this often, and given up after so many questions without an answer. */
const KEEPALIVE_MS = 15_000;
const KEEPALIVE_COUNT = 3;
/** A key or password file is small; anything else is not one. */
const MOST_SECRET_BYTES = 64 * 1024;

/** What connecting needs besides the login. */
export type ConnectParts = {
  /** Keys that are trusted of this server. */
  readonly known: readonly HostKey[];
  /** The stream through a jump host; dialled directly when left out. */
  readonly through?: Duplex;
  readonly signal: AbortSignal;
  /** Hears the key that the server shows, before it is judged. */
  readonly onHostKey?: (key: HostKey) => void;
  readonly readyMs?: number;
  /** Opens what the login has sealed. */
  readonly secrets: SecretSource;
};

/**
 * Dials a host, checks its key, logs in.
 *
 * Nothing of the login is sent to a server whose key is not trusted. Errors: SSH_UNREACHABLE, SSH_HOST_KEY_UNKNOWN,
 * SSH_HOST_KEY_CHANGED, SSH_LOGIN_REFUSED, SSH_SECRET_UNREADABLE, CANCELLED, and what a sealed secret is refused with.
 */
export async function connect(login: SshLogin, parts: ConnectParts): Promise<Result<Client>> {
  const { host, port, user } = login;
  const { known, through, signal, onHostKey, readyMs = READY_MS } = parts;
  const auth = await authOf(login, parts.secrets);
  if (!auth.ok) return auth;
  // Loaded with the first connection: it is a fifth of the engine's code.
  const ssh2 = await import('ssh2');
  if (signal.aborted) return err(appError('CANCELLED'));
  const client = new ssh2.Client();
  /** Why the key was not accepted; ssh2 itself would only say that it was not. */
  let keyError: AppError | null = null;
  const hostVerifier = (blob: Buffer): boolean => {
    const key = readHostKey(host, port, blob);
    if (key === null) return false;
    onHostKey?.(key);
    const verdict = judgeHostKey(key, known);
    if (verdict.kind === 'unknown') keyError = appError('SSH_HOST_KEY_UNKNOWN', key);
    if (verdict.kind === 'changed')
      keyError = appError('SSH_HOST_KEY_CHANGED', { ...key, known: verdict.known.fingerprint });
    return verdict.kind === 'trusted';
  };
  return new Promise((resolve) => {
    let settled = false;
    const settle = (result: Result<Client>): void => {
      if (settled) return;
      settled = true;
      signal.removeEventListener('abort', onAbort);
      if (!result.ok) client.destroy();
      resolve(result);
    };
    const onAbort = (): void => settle(err(appError('CANCELLED')));
    signal.addEventListener('abort', onAbort, { once: true });
    client.once('ready', () => settle(ok(client)));
    // A failure after the login is told by 'close' to whoever uses the connection.
    client.on('error', (thrown: Error & { readonly level?: string }) => {
      const why = describeThrown(thrown);
      if (keyError !== null) settle(err(keyError));
      else if (thrown.level === 'client-authentication')
        settle(err(appError('SSH_LOGIN_REFUSED', { host, user, why })));
      else settle(err(appError('SSH_UNREACHABLE', { host, port, why })));
    });
    client.once('close', () =>
      settle(err(keyError ?? appError('SSH_UNREACHABLE', { host, port, why: 'the connection was closed' }))),
    );
    // Servers that know no method "password" ask for the same by a conversation.
    client.on('keyboard-interactive', (_name, _text, _lang, prompts, finish) =>
      finish(prompts.map(() => auth.value.password ?? '')),
    );
    const config: ConnectConfig = {
      ...(through === undefined ? { host, port } : { sock: through }),
      username: user,
      ...auth.value,
      tryKeyboard: auth.value.password !== undefined,
      algorithms: { serverHostKey: [...hostKeyAlgorithms(known)] },
      hostVerifier,
      readyTimeout: readyMs,
      keepaliveInterval: KEEPALIVE_MS,
      keepaliveCountMax: KEEPALIVE_COUNT,
    };
    try {
      client.connect(config);
      // Questions are small and wait for their answers: without this each would wait for the acknowledgement of the last.
      client.setNoDelay(true);
    } catch (thrown) {
      // Thrown for a private key that cannot be parsed or opened, before anything is dialled.
      const file = (login.auth.kind === 'key' ? login.auth.keyFile : null) ?? login.name;
      settle(err(appError('SSH_SECRET_UNREADABLE', { file, why: describeThrown(thrown) })));
    }
  });
}

type Auth = Pick<ConnectConfig, 'privateKey' | 'passphrase' | 'password' | 'agent'>;

/** Reads what the login names. Nothing of it is kept, and no error repeats it. */
async function authOf(login: SshLogin, secrets: SecretSource): Promise<Result<Auth>> {
  const { auth } = login;
  const place = loginPlace(login);
  if (auth.kind === 'agent') {
    const agent = auth.socket ?? process.env.SSH_AUTH_SOCK;
    if (agent === undefined || agent === '')
      return err(appError('SSH_SECRET_UNREADABLE', { file: 'SSH_AUTH_SOCK', why: 'it is not set' }));
    return ok({ agent });
  }
  if (auth.kind === 'password') {
    const password = await given(auth.password, auth.passwordFile, (text) =>
      secretText(secrets, text, place),
    );
    return password.ok ? ok({ password: firstLine(password.value) }) : password;
  }
  const stays = (text: string): Result<string> => secretText(secrets, text, '');
  const key = await given(auth.privateKey, auth.keyFile, stays);
  if (!key.ok) return key;
  if (auth.passphraseFile === null && auth.passphrase === undefined) return ok({ privateKey: key.value });
  const passphrase = await given(auth.passphrase, auth.passphraseFile, stays);
  return passphrase.ok ? ok({ privateKey: key.value, passphrase: firstLine(passphrase.value) }) : passphrase;
}

/** The only place that a login's password is sent to. */
export function loginPlace({ user, host, port }: Pick<SshLogin, 'user' | 'host' | 'port'>): string {
  return `ssh://${user}@${host}:${port}`;
}

/** What a setting holds, or the file that it names. */
async function given(
  text: string | undefined,
  file: string | null,
  open: (text: string) => Result<string>,
): Promise<Result<Buffer>> {
  if (text === undefined) return readSecret(file ?? '');
  const opened = open(text);
  return opened.ok ? ok(Buffer.from(opened.value, 'utf8')) : opened;
}

async function readSecret(file: string): Promise<Result<Buffer>> {
  try {
    const found = await stat(file);
    if (!found.isFile() || found.size > MOST_SECRET_BYTES)
      return err(appError('SSH_SECRET_UNREADABLE', { file, why: 'it is not a small file' }));
    return ok(await readFile(file));
  } catch (thrown) {
    return err(appError('SSH_SECRET_UNREADABLE', { file, why: describeThrown(thrown) }));
  }
}

const firstLine = (bytes: Buffer): string => bytes.toString('utf8').split(/\r?\n/, 1)[0] ?? '';
