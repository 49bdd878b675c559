import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { hostname, machine, release, version } from 'node:os';
import type { Clock } from '../../platform/clock.ts';
import type { Timers } from '../../platform/timers.ts';
import type { Family } from './families.ts';
import { type FilesystemSpace, filesystemFamilies, type Mount, mayHang, parseMounts } from './filesystems.ts';
import {
  diskFamilies,
  type InterfaceState,
  interfaceFamilies,
  interfaceNames,
  networkFamilies,
} from './proc-devices.ts';
import {
  fileHandleFamilies,
  identityFamilies,
  loadFamilies,
  memoryFamilies,
  osFamilies,
  pressureFamilies,
  statFamilies,
  vmFamilies,
} from './proc-stat.ts';

/** What the Linux collector reads; parameters, so that a test can stand in for the kernel. */
export type LinuxSources = {
  /** The text of a file below /proc or /sys, or null when there is none. */
  readonly read: (path: string) => string | null;
  readonly space: (mountpoint: string) => Promise<FilesystemSpace>;
};

/** The running kernel. */
const linuxSources: LinuxSources = {
  // Synchronous on purpose: the kernel makes these files in memory in microseconds, and each asynchronous read would
  // take four trips through the thread pool instead.
  read: (path) => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      // Not every kernel has every file (pressure, speed of a bridge); what is missing is left out.
      return null;
    }
  },
  space: async (mountpoint) => {
    const { bsize, blocks, bfree, bavail, files, ffree } = await statfs(mountpoint);
    return { size: blocks * bsize, free: bfree * bsize, available: bavail * bsize, files, filesFree: ffree };
  },
};

/** A file system that does not answer in this time is reported as an error. */
const SPACE_TIMEOUT_MS = 2_000;

/**
 * Makes the collector of a Linux machine: everything from /proc and statfs, no process is started.
 *
 * Network file systems are asked one after the other, apart from the local ones, so that a dead server holds one thread
 * of the pool at most.
 */
export function createLinuxCollector(
  clock: Clock,
  timers: Timers,
  sources: LinuxSources = linuxSources,
): () => Promise<Family[]> {
  const chains = { local: createSpaceChain(timers, sources), network: createSpaceChain(timers, sources) };
  return async () => {
    const of = (path: string, families: (text: string) => Family[]): Family[] => {
      const text = sources.read(path);
      return text === null ? [] : families(text);
    };
    const mounts = parseMounts(sources.read('/proc/self/mounts') ?? '');
    const spaces = new Map<string, FilesystemSpace | null>();
    await Promise.all([
      chains.local(
        mounts.filter((mount) => !mayHang(mount)),
        spaces,
      ),
      chains.network(mounts.filter(mayHang), spaces),
    ]);
    return [
      ...of('/proc/stat', statFamilies),
      ...of('/proc/meminfo', memoryFamilies),
      ...of('/proc/loadavg', loadFamilies),
      ...of('/proc/vmstat', vmFamilies),
      ...of('/proc/sys/fs/file-nr', fileHandleFamilies),
      ...of('/proc/pressure/cpu', (text) => pressureFamilies('cpu', text)),
      ...of('/proc/pressure/io', (text) => pressureFamilies('io', text)),
      ...of('/proc/pressure/memory', (text) => pressureFamilies('memory', text)),
      ...of('/etc/os-release', osFamilies),
      ...of('/proc/net/dev', (text) => [
        ...networkFamilies(text),
        ...interfaceFamilies(interfaceNames(text).map((device) => interfaceState(sources, device))),
      ]),
      ...of('/proc/diskstats', diskFamilies),
      ...filesystemFamilies(mounts.map((mount) => ({ mount, space: spaces.get(mount.mountpoint) ?? null }))),
      ...identityFamilies(
        {
          sysname: 'Linux',
          release: release(),
          version: version(),
          machine: machine(),
          nodename: hostname(),
          domainname: sources.read('/proc/sys/kernel/domainname')?.trim() ?? '(none)',
        },
        clock.now() / 1000,
      ),
    ];
  };
}

function interfaceState(sources: LinuxSources, device: string): InterfaceState {
  const field = (name: string): string | null =>
    sources.read(`/sys/class/net/${device}/${name}`)?.trim() ?? null;
  const number = (text: string | null): number | null => (text === null || text === '' ? null : Number(text));
  return { device, operstate: field('operstate'), speed: number(field('speed')), mtu: number(field('mtu')) };
}

type SpaceChain = (mounts: readonly Mount[], into: Map<string, FilesystemSpace | null>) => Promise<void>;

function createSpaceChain(timers: Timers, sources: LinuxSources): SpaceChain {
  let stuck: Promise<unknown> | null = null;
  return async (mounts, into) => {
    // While an earlier question hangs, asking more would only hold more threads.
    if (stuck) return;
    for (const mount of mounts) {
      let cancel = (): void => undefined;
      const asked = sources.space(mount.mountpoint).catch(() => null);
      const late = new Promise<'late'>((resolve) => {
        cancel = timers.after(SPACE_TIMEOUT_MS, () => resolve('late'));
      });
      const answer = await Promise.race([asked, late]);
      cancel();
      if (answer === 'late') {
        stuck = asked.finally(() => {
          stuck = null;
        });
        return;
      }
      into.set(mount.mountpoint, answer);
    }
  };
}
