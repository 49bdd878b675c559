import type { RotationHostPlan, RotationPolicy } from '#shared/contract/logs-rotation-policy.ts';
import type { RotationStep } from '#shared/contract/logs-rotation-runs.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { findRemoteFiles, RemoteFolders } from '../receive/remote-files.ts';
import { isSinglePath, type PathPattern, parsePathPattern } from '../tail/glob.ts';
import { isRotatedName } from '../tail/names.ts';
import { type HostCall, isPlainPath, LogHost, type RotationHosts } from './host.ts';
import { reopenCall } from './host-steps.ts';
import { workingName } from './names.ts';
import { excluder, type PolicyFiles } from './policy.ts';

/** How a host's file is called here: as `scp` does. */
const hostPath = (name: string, path: string): string => `${name}:${path}`;

/** Finds the files of a policy on its host: no rotated ones, none that is excluded. */
export async function filesOnHost(
  hosts: RotationHosts,
  policy: RotationPolicy,
  signal: AbortSignal,
): Promise<Result<PolicyFiles>> {
  const { host } = policy;
  if (host === null || hosts.login(host.login) === null)
    return err(appError('NOT_FOUND', { what: 'SSH login', id: host?.login ?? '' }, { field: 'host' }));
  const patterns: PathPattern[] = [];
  for (const path of policy.paths) {
    const pattern = parsePathPattern(path);
    if (!pattern.ok) return pattern;
    patterns.push(pattern.value);
  }
  const there = new LogHost(hosts, host, signal);
  const found = await there.files((files) =>
    findRemoteFiles(new RemoteFolders(files), { patterns, isExcluded: excluder(policy.exclude) }),
  );
  if (!found.ok) return found;
  const names = found.value.map(({ path }) => path);
  const files = found.value.filter(
    ({ path }) => !names.some((other) => other !== path && isRotatedName(other, path)),
  );
  const single = patterns.flatMap((pattern, n) => (isSinglePath(pattern) ? [policy.paths[n] ?? ''] : []));
  return ok({
    files: files
      .filter(({ path }) => isPlainPath(path))
      .map(({ path, size }) => ({ path: hostPath(there.name, path), size, remotePath: path })),
    missing: single.filter((path) => !names.includes(path)).map((path) => hostPath(there.name, path)),
    problems: files
      .filter(({ path }) => !isPlainPath(path))
      .map(({ path }) => ({ path: hostPath(there.name, path), why: 'a name with a quote or a wildcard' })),
  });
}

/** What would run on a policy's host for its first file, and what its sudoers file has to allow for all of them. */
export function planOnHost(
  hosts: RotationHosts,
  policy: RotationPolicy,
  files: readonly string[],
  now: number,
): RotationHostPlan | null {
  const { host } = policy;
  const login = host === null ? null : hosts.login(host.login);
  if (host === null || login === null) return null;
  const log = files[0] ?? policy.paths[0] ?? '/';
  const old = workingName({ path: log, at: now, seq: 1 });
  const name = old.slice(old.lastIndexOf('/') + 1);
  const asRoot = host.sudo ? { asRoot: true } : {};
  const tell = reopenCall(policy);
  const tellThere = tell === null || tell.id === 'service-reload' ? tell : { ...tell, ...asRoot };
  const calls: readonly { readonly step: RotationStep; readonly call: HostCall | null }[] = [
    { step: 'rename', call: { id: 'log-look', values: { file: log } } },
    { step: 'rename', call: { id: 'log-rename', values: { log, old }, ...asRoot } },
    {
      step: 'rename',
      call: policy.create === null ? null : { id: 'log-create', values: { log, old }, ...asRoot },
    },
    { step: 'reopen', call: tellThere },
    { step: 'release', call: { id: 'log-holders', values: { name }, ...asRoot } },
    { step: 'fetch', call: { id: 'log-count', values: { old } } },
    { step: 'fetch', call: { id: 'hash' } },
    { step: 'delete', call: { id: 'log-remove', values: { old }, ...asRoot } },
  ];
  const { reopen } = policy;
  const isService = reopen.kind === 'service';
  const needs = {
    files: host.sudo ? files : [],
    create: policy.create !== null,
    signal:
      host.sudo && reopen.kind === 'signal' ? { name: reopen.signal, pidFile: reopen.pidFile ?? '' } : null,
    script: host.sudo && tell?.id === 'log-reopen' ? (tell.values?.script ?? null) : null,
    unit: isService ? reopen.unit : null,
  };
  return {
    name: login.name,
    commands: calls.flatMap(({ step, call }) => {
      const line = call === null ? null : hosts.line(call);
      return line === null ? [] : [{ step, line }];
    }),
    sudoers: host.sudo || isService ? hosts.sudoers(login.user, needs) : null,
  };
}
