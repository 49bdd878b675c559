import * as z from 'zod';
import { appErrorSchema } from '../errors/app-error.ts';
import { bilingual, done, id, nothing, request, timestamp } from './define.ts';
import { secretTextSchema } from './secrets.ts';

const path = z.string().startsWith('/').max(4096);
const user = z.string().regex(/^[A-Za-z_][A-Za-z0-9._-]{0,63}$/);

const secret = secretTextSchema.min(1).optional();

/**
 * How a host's SSH server is convinced. Secrets are given as text and sealed, or named by file and read when they are needed; none is
 * shown.
 */
const sshAuthSchema = z.discriminatedUnion('kind', [
  z
    .object({
      kind: z.literal('key'),
      keyFile: path.nullable().default(null),
      /** The private key itself, in place of a file. */
      privateKey: secret,
      /** First line of the file; null for a key without a passphrase. */
      passphraseFile: path.nullable().default(null),
      passphrase: secret,
    })
    .refine(
      ({ keyFile, privateKey }) => (keyFile === null) !== (privateKey === undefined),
      'a key, or the file that holds it',
    )
    .refine(
      ({ passphraseFile, passphrase }) => passphraseFile === null || passphrase === undefined,
      'a passphrase, or the file that holds it',
    ),
  /** A running agent; null asks the one of `SSH_AUTH_SOCK`. */
  z.object({ kind: z.literal('agent'), socket: path.nullable().default(null) }),
  z
    .object({ kind: z.literal('password'), passwordFile: path.nullable().default(null), password: secret })
    .refine(
      ({ passwordFile, password }) => (passwordFile === null) !== (password === undefined),
      'a password, or the file that holds it',
    ),
]);

/** An account on a host. */
export const sshLoginSchema = z.object({
  /** What the console calls it, such as the host's name. */
  name: z.string().trim().min(1).max(200),
  host: z.string().regex(/^[^\s/]{1,253}$/),
  port: z.int().min(1).max(65_535).default(22),
  user,
  auth: sshAuthSchema,
  /** The login through which this host is reached (a jump host), or null. */
  via: id.nullable().default(null),
});
export type SshLogin = z.output<typeof sshLoginSchema>;

/** A host key as a server presents it. */
export const hostKeySchema = z.object({
  /** The server, as it is dialled. */
  host: z.string(),
  port: z.int(),
  /** `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa` … */
  type: z.string(),
  /** As `ssh-keygen -l` writes it: `SHA256:` and base64 without padding. */
  fingerprint: z.string(),
});
export type HostKey = z.output<typeof hostKeySchema>;

/** One step of trying a login. */
const sshTestStepSchema = z.object({
  step: z.enum(['connect', 'host_key', 'login', 'command', 'sftp']),
  ok: z.boolean(),
  ms: z.number(),
  /** What the other side answered, e.g. its version. */
  detail: z.string(),
  error: appErrorSchema.nullable(),
});
export type SshTestStep = z.output<typeof sshTestStepSchema>;

/** A command that ran on a host. */
const sshAuditEntrySchema = z.object({
  at: timestamp,
  login: z.string(),
  /** Name in the list of commands. */
  command: z.string(),
  /** The very line that the host's shell got. */
  line: z.string(),
  /** Null while it runs, and when the engine ended before it did. */
  endedAt: timestamp.nullable(),
  exitCode: z.int().nullable(),
  error: z.string().nullable(),
});
export type SshAuditEntry = z.output<typeof sshAuditEntrySchema>;

/** A command of the fixed list. */
const sshCommandSchema = z.object({
  id: z.string(),
  title: bilingual,
  why: bilingual,
  /** The very line, with `UNIT` where a service's name stands; empty for a script, whose text is in `script`. */
  line: z.string(),
  script: z.string().nullable(),
  sudo: z.boolean(),
});
export type SshCommand = z.output<typeof sshCommandSchema>;

/** A systemd unit, such as `erp.service`. */
const unit = z.string().regex(/^[A-Za-z0-9:_.@][A-Za-z0-9:_.@\\-]{0,254}$/, 'not a unit');

export const sshRequests = {
  /** Every command that may run on a host; there is no other. */
  'ssh.commands': request(nothing, z.object({ commands: z.array(sshCommandSchema) })),
  /** The smallest sudoers file for these services. BAD_INPUT when a name is none */
  'ssh.sudoers': request(
    z.object({
      user,
      units: z.array(unit).min(1).max(100),
      systemctl: path.default('/usr/bin/systemctl'),
    }),
    z.object({ text: z.string() }),
  ),
  /** Asks for, stops, starts or reloads a service. `active` is what systemd says afterwards. */
  'ssh.service': request(
    z.object({ id, unit, action: z.enum(['state', 'stop', 'start', 'reload']) }),
    z.object({ active: z.string(), tookMs: z.number() }),
  ),
  'ssh.logins.list': request(nothing, z.object({ logins: z.array(sshLoginSchema.extend({ id })) })),
  /** Adds a login, or changes the one with this id. */
  'ssh.logins.put': request(sshLoginSchema.extend({ id: id.nullable().default(null) }), z.object({ id })),
  'ssh.logins.remove': request(z.object({ id }), done),
  /** Tries a login step by step; an unknown host key is presented, never trusted by itself. */
  'ssh.logins.test': request(
    z.object({ id }),
    z.object({ steps: z.array(sshTestStepSchema), unknownKey: hostKeySchema.nullable() }),
  ),
  'ssh.hostKeys.list': request(
    nothing,
    z.object({ keys: z.array(hostKeySchema.extend({ trustedAt: timestamp })) }),
  ),
  /** Trusts a key that a server has just presented; the fingerprint is what the operator compared. */
  'ssh.hostKeys.trust': request(hostKeySchema, done),
  'ssh.hostKeys.forget': request(hostKeySchema.pick({ host: true, port: true }), done),
  /** Newest first. */
  'ssh.audit': request(
    z.object({ limit: z.int().min(1).max(5000).default(200) }),
    z.object({ entries: z.array(sshAuditEntrySchema), total: z.int() }),
  ),
};
