import { randomUUID } from 'node:crypto';
import { type HostKey, type SshAuditEntry, type SshLogin, sshLoginSchema } from '#shared/contract/ssh.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { SecretField, SecretStore } from '../platform/secrets.ts';
import type { WritableDb } from '../storage/sqlite.ts';
import { loginPlace } from './connect.ts';
import type { Route, StoredLogin } from './pool.ts';

/** Logins, trusted host keys and the audit trail, in console.db. */
export type SshStore = {
  readonly logins: () => readonly StoredLogin[];
  /** Adds or changes a login. NOT_FOUND for an unknown id or jump host, SSH_LOOP when it would be reached through itself, and what sealing is refused with. */
  readonly put: (id: string | null, login: SshLogin) => Result<string>;
  /** Writes a login of an import, whatever the others are; its secrets go through `secrets`. @returns what sealing is refused with */
  readonly take: (login: StoredLogin, secrets: SecretStore) => Result<void>;
  /** NOT_FOUND; BAD_INPUT for a login that others go through. */
  readonly remove: (id: string) => Result<void>;
  /** The login and those through which it is reached, the first to dial first. */
  readonly route: (id: string) => Result<Route>;
  readonly keys: () => readonly (HostKey & { readonly trustedAt: number })[];
  readonly keysOf: (host: string, port: number) => readonly HostKey[];
  readonly trust: (key: HostKey, at: number) => void;
  readonly forget: (host: string, port: number) => void;
  /** Writes down that a command begins, before it does. @returns its number */
  readonly began: (at: number, login: string, command: string, line: string) => number;
  readonly ended: (seq: number, at: number, exitCode: number | null, error: string | null) => void;
  readonly audit: (limit: number) => { readonly entries: readonly SshAuditEntry[]; readonly total: number };
};

type LoginRow = { readonly id: string; readonly data: string };
type KeyRow = HostKey & { readonly trusted_ms: number };
type AuditRow = {
  readonly at_ms: number;
  readonly login: string;
  readonly command: string;
  readonly line: string;
  readonly ended_ms: number | null;
  readonly exit_code: number | null;
  readonly error: string | null;
};

/** Area of the secrets of logins in the sealed store. */
const AREA = 'ssh';
const FIELDS: readonly SecretField[] = [
  { path: 'auth.password', isSent: true },
  { path: 'auth.privateKey', isSent: false },
  { path: 'auth.passphrase', isSent: false },
];

/** Opens the store. */
export function openSshStore(db: WritableDb, secrets: SecretStore): SshStore {
  const allLogins = db.prepare<[], LoginRow>('SELECT id, data FROM ssh_login ORDER BY name');
  const putLogin = db.prepare(
    `INSERT INTO ssh_login (id, name, data) VALUES (?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, data = excluded.data`,
  );
  const removeLogin = db.prepare('DELETE FROM ssh_login WHERE id = ?');
  const allKeys = db.prepare<[], KeyRow>(
    'SELECT host, port, type, fingerprint, trusted_ms FROM ssh_host_key ORDER BY host, port, type',
  );
  const keysOf = db.prepare<[string, number], HostKey>(
    'SELECT host, port, type, fingerprint FROM ssh_host_key WHERE host = ? AND port = ?',
  );
  const trust = db.prepare(
    `INSERT INTO ssh_host_key (host, port, type, fingerprint, trusted_ms) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (host, port, type) DO UPDATE SET fingerprint = excluded.fingerprint, trusted_ms = excluded.trusted_ms`,
  );
  const forget = db.prepare('DELETE FROM ssh_host_key WHERE host = ? AND port = ?');
  const begin = db.prepare('INSERT INTO ssh_audit (at_ms, login, command, line) VALUES (?, ?, ?, ?)');
  const end = db.prepare('UPDATE ssh_audit SET ended_ms = ?, exit_code = ?, error = ? WHERE seq = ?');
  const newest = db.prepare<[number], AuditRow>('SELECT * FROM ssh_audit ORDER BY seq DESC LIMIT ?');
  const count = db.prepare<[], { n: number }>('SELECT count(*) AS n FROM ssh_audit');

  const logins = (): readonly StoredLogin[] =>
    allLogins.all().map(({ id, data }) => ({ id, ...sshLoginSchema.parse(JSON.parse(data)) }));

  const routeIn = (known: readonly StoredLogin[], id: string): Result<Route> => {
    const route: StoredLogin[] = [];
    for (let next: string | null = id; next !== null; ) {
      const login = known.find((one) => one.id === next);
      if (login === undefined) return err(appError('NOT_FOUND', { what: 'SSH login', id: next }));
      if (route.includes(login))
        return err(appError('SSH_LOOP', { path: [...route, login].map(({ name }) => name).join(' → ') }));
      route.push(login);
      next = login.via;
    }
    const [first, ...others] = route.toReversed();
    return first === undefined
      ? err(appError('NOT_FOUND', { what: 'SSH login', id }))
      : ok([first, ...others]);
  };

  const take: SshStore['take'] = ({ id, ...login }, through) => {
    const owner = { area: AREA, id, place: loginPlace(login) };
    const sealed = through.seal(login, FIELDS, owner);
    if (!sealed.ok) return sealed;
    putLogin.run(id, login.name, JSON.stringify(sealed.value));
    through.settle(owner, sealed.value);
    return ok(undefined);
  };

  return {
    logins,
    put: (id, login) => {
      const known = logins();
      if (id !== null && !known.some((one) => one.id === id))
        return err(appError('NOT_FOUND', { what: 'SSH login', id }));
      const stored = { id: id ?? randomUUID(), ...login };
      const route = routeIn([...known.filter((one) => one.id !== stored.id), stored], stored.id);
      if (!route.ok) return route;
      const kept = take(stored, secrets);
      return kept.ok ? ok(stored.id) : kept;
    },
    take,
    remove: (id) => {
      const user = logins().find((one) => one.via === id);
      if (user !== undefined)
        return err(
          appError('BAD_INPUT', {
            method: 'ssh.logins.remove',
            field: 'id',
            why: `${user.name} goes through it`,
          }),
        );
      if (removeLogin.run(id).changes === 0) return err(appError('NOT_FOUND', { what: 'SSH login', id }));
      secrets.settle({ area: AREA, id }, null);
      return ok(undefined);
    },
    route: (id) => routeIn(logins(), id),
    keys: () => allKeys.all().map(({ trusted_ms, ...key }) => ({ ...key, trustedAt: trusted_ms })),
    keysOf: (host, port) => keysOf.all(host, port),
    trust: ({ host, port, type, fingerprint }, at) => {
      trust.run(host, port, type, fingerprint, at);
    },
    forget: (host, port) => {
      forget.run(host, port);
    },
    began: (at, login, command, line) => Number(begin.run(at, login, command, line).lastInsertRowid),
    ended: (seq, at, exitCode, error) => {
      end.run(at, exitCode, error, seq);
    },
    audit: (limit) => ({
      entries: newest.all(limit).map((row) => ({
        at: row.at_ms,
        login: row.login,
        command: row.command,
        line: row.line,
        endedAt: row.ended_ms,
        exitCode: row.exit_code,
        error: row.error,
      })),
      total: count.get()?.n ?? 0,
    }),
  };
}
