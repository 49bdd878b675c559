import { resolve } from 'node:path';
import type { RequestOutput } from '#shared/contract/index.ts';
import type { RotationPolicyInput, RotationPolicyState } from '#shared/contract/logs-rotation-policy.ts';
import type { RotationSegment } from '#shared/contract/logs-rotation-runs.ts';
import { appError } from '#shared/errors/index.ts';
import { formatBytes, parseBytes } from '#shared/units/bytes.ts';
import { parseDuration } from '#shared/units/duration.ts';
import { type Output, table } from './output.ts';
import { CommandFailure, EXIT } from './session.ts';

const time = (ms: number | null): string => (ms === null ? '–' : new Date(ms).toISOString().slice(0, 19));

/** Options of `logs rotation add`, as they were typed. */
export type RotationAddOptions = {
  readonly path: string[];
  readonly host?: string;
  readonly sudo?: boolean;
  readonly schedule?: string;
  readonly size?: string;
  readonly age?: string;
  readonly copytruncate?: boolean;
  readonly signal?: string;
  readonly pidFile?: string;
  readonly command?: string;
  readonly service?: string;
  readonly compress: string;
  readonly encryptTo?: string[];
  readonly keep?: string;
  readonly keepDays?: string;
  readonly lockDays?: string;
  readonly create?: boolean;
  readonly dir?: string;
};

function wrong(option: string, why: string): CommandFailure {
  return new CommandFailure(
    appError('BAD_INPUT', { method: 'logs rotation', field: option, why }),
    EXIT.usage,
  );
}

/** Reads a number; anything else ends the command with exit code 2. */
export function count(option: string, text: string): number {
  if (!/^\d+$/.test(text)) throw wrong(option, `not a number: ${text}`);
  return Number(text);
}

/**
 * The policy that the options describe.
 *
 * @param login id of the SSH login; null: files of this workstation
 */
export function policyFrom(
  name: string,
  options: RotationAddOptions,
  login: string | null,
): RotationPolicyInput {
  if (options.sudo === true && login === null) throw wrong('--sudo', 'only with --host');
  const bytes = options.size === undefined ? null : parseBytes(options.size);
  if (options.size !== undefined && bytes === null) throw wrong('--size', `not a size: ${options.size}`);
  const ageMs = options.age === undefined ? null : parseDuration(options.age);
  if (options.age !== undefined && ageMs === null) throw wrong('--age', `not a duration: ${options.age}`);
  const number = (option: string, text: string | undefined): number | null =>
    text === undefined ? null : count(option, text);
  return {
    name,
    // On a host a path is what it says, not what this workstation's folders make of it.
    paths: login === null ? options.path.map((path) => resolve(path)) : options.path,
    host: login === null ? null : { login, sudo: options.sudo === true },
    when: { schedule: options.schedule ?? null, bytes, ageMs },
    method: options.copytruncate === true ? 'copytruncate' : 'rename',
    create: options.create === true ? {} : null,
    reopen: reopenFrom(options),
    compress: options.compress as 'zstd',
    encryptTo: options.encryptTo ?? [],
    dir: options.dir === undefined ? null : resolve(options.dir),
    keep: {
      count: number('--keep', options.keep),
      days: number('--keep-days', options.keepDays),
      lockDays: number('--lock-days', options.lockDays) ?? 0,
    },
  };
}

function reopenFrom(options: RotationAddOptions): RotationPolicyInput['reopen'] {
  const { signal, pidFile, command, service } = options;
  if (command !== undefined) return { kind: 'command', command };
  if (service !== undefined) return { kind: 'service', unit: service };
  if (signal === undefined) return { kind: 'none' };
  // The engine refuses a signal that there is not.
  const name = signal.replace(/^SIG/, '') as 'HUP';
  return { kind: 'signal', signal: name, pidFile: pidFile === undefined ? null : resolve(pidFile) };
}

/** Policies for people. */
export function policyTable(policies: readonly RotationPolicyState[], output: Output): string {
  return [
    table([
      ['NAME', 'ENABLED', 'NEXT', 'LAST', 'FAILING', 'SEGMENTS', 'STORED'],
      ...policies.map((one) => [
        one.policy.name,
        one.policy.enabled ? 'yes' : 'no',
        time(one.nextAt),
        time(one.lastAt),
        String(one.failing),
        String(one.segments),
        formatBytes(one.storedBytes),
      ]),
    ]),
    ...policies.flatMap(({ policy, warnings }) =>
      warnings.map((one) => `${policy.name}: ${one[output.locale]}`),
    ),
  ].join('\n');
}

/** What a policy would do, for people. */
export function planText(
  { files, warnings, host }: RequestOutput<'rotation.preview'>,
  output: Output,
): string {
  return [
    table([
      ['FILE', 'BYTES', 'DUE', 'BECOMES'],
      ...files.map((file) => [
        file.path,
        formatBytes(file.bytes),
        file.due ? 'yes' : file.why[output.locale],
        file.target,
      ]),
    ]),
    ...warnings.map((one) => one[output.locale]),
    ...(host === null ? [] : ['', ...host.commands.map(({ step, line }) => `${host.name} ${step}: ${line}`)]),
    ...(host === null || host.sudoers === null ? [] : ['', host.sudoers.trimEnd()]),
  ].join('\n');
}

/** Segments for people. */
export function segmentTable(segments: readonly RotationSegment[]): string {
  return table([
    ['ID', 'ROTATED', 'LINES', 'BYTES', 'STORED', 'CHECKPOINT', 'HOLD', 'FILE'],
    ...segments.map((one) => [
      one.id,
      time(one.rotatedAt),
      String(one.lines),
      formatBytes(one.bytes),
      formatBytes(one.storedBytes),
      String(one.checkpoint),
      one.hold === null ? '' : one.hold.who,
      one.file,
    ]),
  ]);
}
