import { basename, dirname } from 'node:path';
import type { RotationPolicy } from '#shared/contract/logs-rotation-policy.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { RemoteHosts } from '../receive/pulls.ts';
import type { RemoteFiles } from '../receive/remote-files.ts';

/** A command of the list that hosts allow, with what varies in it. */
export type HostCall = {
  readonly id:
    | 'log-look'
    | 'log-rename'
    | 'log-create'
    | 'log-signal'
    | 'log-reopen'
    | 'log-holders'
    | 'log-count'
    | 'log-remove'
    | 'service-reload'
    | 'hash';
  readonly values?: Readonly<Record<string, string>>;
  readonly unit?: string;
  readonly asRoot?: boolean;
  readonly stdin?: Uint8Array;
};

/** What a command left. */
export type HostAnswer = {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
};

/** What has to be allowed as root. */
export type HostRootNeeds = {
  readonly files: readonly string[];
  readonly create: boolean;
  readonly signal: { readonly name: string; readonly pidFile: string } | null;
  readonly script: string | null;
  readonly unit: string | null;
};

/** Hosts whose logs are rotated; `ssh` implements it. */
export type RotationHosts = Pick<RemoteHosts, 'withFiles'> & {
  /** What a login is called, and as whom it logs in; null when there is none. */
  readonly login: (id: string) => { readonly name: string; readonly user: string } | null;
  readonly run: (login: string, call: HostCall, signal: AbortSignal) => Promise<Result<HostAnswer>>;
  /** The very line that would run; null when a value cannot stand in one. */
  readonly line: (call: HostCall) => string | null;
  /** A sudoers file; null when a name is none. */
  readonly sudoers: (user: string, needs: HostRootNeeds) => string | null;
};

/** A file on a host as it is now. */
export type HostFile = {
  /** Device and inode. */
  readonly place: string;
  readonly isFile: boolean;
  readonly bytes: number;
  /** As the host prints it: seconds with nine digits behind the point. */
  readonly mtimeNs: string;
};

/** Names that a pattern of `find` or of sudo would take for more than they are. */
const AWKWARD = /[\\*?[\]"'\n\r\0]/;

/** Whether a log of this path can be rotated on a host. */
export const isPlainPath = (path: string): boolean => path.startsWith('/') && !AWKWARD.test(path);

/** One host, for as long as something is done there. */
export class LogHost {
  readonly #hosts: RotationHosts;
  readonly #login: string;
  readonly #sudo: boolean;
  readonly #signal: AbortSignal;

  constructor(hosts: RotationHosts, host: NonNullable<RotationPolicy['host']>, signal: AbortSignal) {
    this.#hosts = hosts;
    this.#login = host.login;
    this.#sudo = host.sudo;
    this.#signal = signal;
  }

  get name(): string {
    return this.#hosts.login(this.#login)?.name ?? this.#login;
  }

  /** Whether every process of the host can be looked at. */
  get seesAll(): boolean {
    return this.#sudo || this.#hosts.login(this.#login)?.user === 'root';
  }

  /** The same call as root, where the policy says so. */
  privileged(call: HostCall): HostCall {
    return this.#sudo ? { ...call, asRoot: true } : call;
  }

  /** Runs a command; whatever code it ends with is its caller's matter. */
  run(call: HostCall): Promise<Result<HostAnswer>> {
    return this.#hosts.run(this.#login, call, this.#signal);
  }

  /**
   * Runs a command that has to succeed.
   *
   * @returns what it was, in words; LOG_ROTATION_HOST, or what the connection failed with
   */
  async do(call: HostCall): Promise<Result<{ readonly line: string; readonly stdout: string }>> {
    const answer = await this.run(call);
    if (!answer.ok) return answer;
    const line = this.#hosts.line(call) ?? call.id;
    if (answer.value.code === 0) return ok({ line, stdout: answer.value.stdout.toString('utf8') });
    return this.failed(line, answer.value);
  }

  failed(what: string, { code, stderr }: Pick<HostAnswer, 'code' | 'stderr'>): Result<never> {
    const [first = ''] = stderr.toString('utf8').trim().split('\n');
    const why = first === '' ? `exit ${code ?? '?'}` : first.slice(0, 300);
    return err(appError('LOG_ROTATION_HOST', { host: this.name, what, why }));
  }

  /** What stands under a name; null when nothing does. */
  async look(file: string): Promise<Result<HostFile | null>> {
    const answer = await this.run({ id: 'log-look', values: { file } });
    if (!answer.ok) return answer;
    const text = answer.value.stdout.toString('utf8').trim();
    const found = /^(\d+:\d+) ([0-9a-f]+) (\d+) (\d+[.,]?\d*)$/.exec(text);
    if (answer.value.code === 0 && found !== null) {
      const [, place = '', mode = '', bytes = '', mtimeNs = ''] = found;
      const isFile = (Number.parseInt(mode, 16) & 0xf000) === 0x8000;
      return ok({ place, isFile, bytes: Number(bytes), mtimeNs });
    }
    // What `stat` says is in the host's language; whether there is no such name, the listing of its folder tells.
    const listed = await this.files((files) => files.list(dirname(file)));
    if (!listed.ok) return listed;
    return listed.value.some(({ name }) => name === basename(file))
      ? this.failed(`stat ${file}`, answer.value)
      : ok(null);
  }

  /** Does something with its files. */
  files<T>(use: (files: RemoteFiles) => Promise<Result<T>>): Promise<Result<T>> {
    return this.#hosts.withFiles(this.#login, this.#signal, use);
  }
}
