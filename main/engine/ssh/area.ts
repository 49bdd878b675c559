import type { AreaHandlers } from '#shared/contract/index.ts';
import type { HostKey } from '#shared/contract/ssh.ts';
import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { SecretStore } from '../platform/secrets.ts';
import type { SiteSection } from '../platform/site-section.ts';
import type { Timers } from '../platform/timers.ts';
import type { WritableDb } from '../storage/sqlite.ts';
import { type CommandValues, commandLine, type HostCommandId, isRoutine, timeoutOf } from './commands.ts';
import { type ExecResult, exec } from './exec.ts';
import { createSshPool } from './pool.ts';
import { actOnService, commandList, sudoersFor } from './services.ts';
import { openSftp, type Sftp } from './sftp.ts';
import { sshSections } from './site-sections.ts';
import { openSshStore } from './store.ts';
import { testLogin } from './test-login.ts';

/** Hosts over SSH: logins, host keys, the commands of the list, and files. */
export type SshArea = {
  readonly handlers: AreaHandlers<'ssh'>;
  /**
   * Runs a command of the list on a host and writes that down, before and after.
   *
   * @returns what it left; a command that ends with another code than 0 has not failed here, its caller knows what that means
   */
  readonly run: (
    loginId: string,
    command: CommandValues & {
      readonly id: HostCommandId;
      readonly stdin?: Uint8Array;
      /** A minute, unless it is known to take longer. */
      readonly timeoutMs?: number;
    },
    signal: AbortSignal,
  ) => Promise<Result<ExecResult>>;
  /**
   * Does something with the files of a host; the channel is closed afterwards.
   *
   * @param writes what is written there, for the audit trail; it gets two lines then, before and after
   */
  readonly withFiles: <T>(
    loginId: string,
    signal: AbortSignal,
    use: (files: Sftp) => Promise<Result<T>>,
    writes?: string,
  ) => Promise<Result<T>>;
  /** Logins, for areas that name them. */
  readonly logins: () => readonly {
    readonly id: string;
    readonly name: string;
    readonly host: string;
    readonly user: string;
  }[];
  /** Its part of the site document. */
  readonly sections: readonly SiteSection[];
  readonly close: () => void;
};

/** What the area is made of. */
export type SshDeps = {
  readonly db: WritableDb;
  readonly secrets: SecretStore;
  readonly clock: Clock;
  readonly timers: Timers;
};

const COMMAND_MS = 60_000;
const MOST_OUTPUT = 1 << 20;
/** What the audit trail calls writing files. */
const WRITING = 'sftp-write';
/** A key that was presented can be trusted for so long; then it has to be presented again. */
const PRESENTED_MS = 10 * 60_000;

/** Makes the area. */
export function createSshArea({ db, secrets, clock, timers }: SshDeps): SshArea {
  const store = openSshStore(db, secrets);
  /** The newest key that each server showed. */
  const presented = new Map<string, { readonly key: HostKey; readonly at: number }>();
  const pool = createSshPool({
    timers,
    secrets,
    knownKeys: store.keysOf,
    onHostKey: (key) => presented.set(`${key.host}\n${key.port}`, { key, at: clock.monotonic() }),
  });

  const run: SshArea['run'] = async (loginId, { id, stdin, ...given }, signal) => {
    const line = commandLine(id, given);
    const timeoutMs = given.timeoutMs ?? timeoutOf(id) ?? COMMAND_MS;
    if (line === null) {
      const why = `not what ${id} takes: ${JSON.stringify(given)}`;
      return err(appError('BAD_INPUT', { method: 'ssh', field: 'unit', why }));
    }
    const route = store.route(loginId);
    if (!route.ok) return route;
    const { name, host } = route.value.at(-1) ?? route.value[0];
    return pool.use(route.value, signal, async (client) => {
      const given = stdin === undefined ? {} : { stdin };
      const what = { line, host, signal, timeoutMs, maxBytes: MOST_OUTPUT, ...given };
      if (isRoutine(id)) {
        const at = clock.now();
        const result = await exec(client, what, timers);
        const hasFailed = !result.ok && result.error.code !== 'CANCELLED';
        if (hasFailed) store.ended(store.began(at, name, id, id), clock.now(), null, result.error.message.en);
        return result;
      }
      const seq = store.began(clock.now(), name, id, line);
      const result = await exec(client, what, timers);
      store.ended(
        seq,
        clock.now(),
        result.ok ? result.value.code : null,
        result.ok ? result.value.killedBy : result.error.message.en,
      );
      return result;
    });
  };

  const withFiles: SshArea['withFiles'] = async (loginId, signal, use, writes) => {
    const route = store.route(loginId);
    if (!route.ok) return route;
    const { name, host } = route.value.at(-1) ?? route.value[0];
    return pool.use(route.value, signal, async (client) => {
      const opened = await openSftp(client, host);
      if (!opened.ok) return opened;
      const onAbort = (): void => opened.value.close();
      signal.addEventListener('abort', onAbort, { once: true });
      const seq = writes === undefined ? null : store.began(clock.now(), name, WRITING, writes);
      let end = 'INTERNAL';
      try {
        const used = await use(opened.value);
        end = used.ok ? '' : used.error.code;
        return used;
      } finally {
        if (seq !== null) store.ended(seq, clock.now(), end === '' ? 0 : null, end === '' ? null : end);
        signal.removeEventListener('abort', onAbort);
        opened.value.close();
      }
    });
  };

  /** Only what the server itself has just shown can be trusted, not whatever somebody typed. */
  const trust = (key: HostKey): AppError | null => {
    const shown = presented.get(`${key.host}\n${key.port}`);
    const isShown =
      shown !== undefined &&
      clock.monotonic() - shown.at < PRESENTED_MS &&
      shown.key.type === key.type &&
      shown.key.fingerprint === key.fingerprint;
    if (!isShown) return appError('NOT_FOUND', { what: 'presented host key', id: key.fingerprint });
    const [known] = store.keysOf(key.host, key.port);
    // A changed key is not trusted over the old one: that has to be taken away first, knowingly.
    if (known !== undefined && known.fingerprint !== key.fingerprint)
      return appError('SSH_HOST_KEY_CHANGED', { ...key, known: known.fingerprint });
    store.trust(key, clock.now());
    return null;
  };

  return {
    run,
    withFiles,
    logins: store.logins,
    sections: sshSections(store, () => {
      for (const { id } of store.logins()) pool.drop(id);
    }),
    close: pool.close,
    handlers: {
      'ssh.logins.list': () => ok({ logins: [...store.logins()] }),
      'ssh.logins.put': ({ id, ...login }) => {
        const put = store.put(id, login);
        if (!put.ok) return put;
        pool.drop(put.value);
        return ok({ id: put.value });
      },
      'ssh.logins.remove': ({ id }) => {
        const removed = store.remove(id);
        if (!removed.ok) return removed;
        pool.drop(id);
        return ok({});
      },
      'ssh.logins.test': async ({ id }, { signal }) => {
        const route = store.route(id);
        if (!route.ok) return route;
        // What is there already would prove nothing.
        pool.drop(id);
        const tested = await testLogin({
          clock,
          identify: () => run(id, { id: 'identify' }, signal),
          listHome: () => withFiles(id, signal, (files) => files.list('.')),
        });
        const keyOf = (error: AppError | null): HostKey | null => {
          if (error?.code !== 'SSH_HOST_KEY_UNKNOWN') return null;
          const failed = route.value.find(({ host, port }) => !isTrusted(host, port));
          return failed === undefined ? null : (presented.get(`${failed.host}\n${failed.port}`)?.key ?? null);
        };
        const isTrusted = (host: string, port: number): boolean => store.keysOf(host, port).length > 0;
        return ok({ steps: [...tested.steps], unknownKey: keyOf(tested.error) });
      },
      'ssh.commands': () => ok({ commands: commandList() }),
      'ssh.sudoers': sudoersFor,
      'ssh.service': ({ id, unit, action }, { signal }) =>
        actOnService({ run: (command) => run(id, { id: command, unit }, signal), action, unit, clock }),
      'ssh.hostKeys.list': () => ok({ keys: [...store.keys()] }),
      'ssh.hostKeys.trust': (key) => {
        const error = trust(key);
        return error === null ? ok({}) : err(error);
      },
      'ssh.hostKeys.forget': ({ host, port }) => {
        store.forget(host, port);
        return ok({});
      },
      'ssh.audit': ({ limit }) => {
        const { entries, total } = store.audit(limit);
        return ok({ entries: [...entries], total });
      },
    },
  };
}
