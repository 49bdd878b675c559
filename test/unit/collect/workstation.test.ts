import { describe, expect, test } from 'vitest';
import { renderFamilies } from '../../../main/engine/collect/workstation/families.ts';
import { mayHang, parseMounts } from '../../../main/engine/collect/workstation/filesystems.ts';
import { createLinuxCollector, type LinuxSources } from '../../../main/engine/collect/workstation/linux.ts';
import { diskFamilies, networkFamilies } from '../../../main/engine/collect/workstation/proc-devices.ts';
import {
  memoryFamilies,
  osFamilies,
  pressureFamilies,
  statFamilies,
} from '../../../main/engine/collect/workstation/proc-stat.ts';
import { fakeTime } from '../../helpers/fake-time.ts';

/** The sample lines of families, without the comments. */
const samples = (families: Parameters<typeof renderFamilies>[0]): string[] =>
  renderFamilies(families)
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

test('an exposition has help, type, escaped labels, and nothing for what is not a number', () => {
  const text = renderFamilies([
    {
      name: 'm',
      type: 'gauge',
      help: 'Help.',
      samples: [
        { labels: { a: 'x"y\\z\nw', b: '' }, value: 1.5 },
        { labels: { a: 'gone' }, value: Number.NaN },
      ],
    },
    { name: 'empty', type: 'counter', help: 'Nothing.', samples: [{ value: Number.NaN }] },
  ]);
  expect(text).toBe('# HELP m Help.\n# TYPE m gauge\nm{a="x\\"y\\\\z\\nw",b=""} 1.5\n');
});

describe('files of /proc', () => {
  test('/proc/stat', () => {
    const lines = samples(
      statFamilies(
        'cpu  9 9 9\ncpu0 100 20 300 4000 5 6 7 8 9 10\nbtime 1700000000\nctxt 5\nprocs_running 2\n',
      ),
    );
    expect(lines).toContain('node_cpu_seconds_total{cpu="0",mode="user"} 1');
    expect(lines).toContain('node_cpu_seconds_total{cpu="0",mode="idle"} 40');
    expect(lines).toContain('node_cpu_seconds_total{cpu="0",mode="steal"} 0.08');
    expect(lines).toContain('node_cpu_guest_seconds_total{cpu="0",mode="nice"} 0.1');
    expect(lines).toContain('node_boot_time_seconds 1700000000');
    expect(lines.filter((line) => line.startsWith('node_cpu_seconds_total'))).toHaveLength(8);
  });

  test('/proc/meminfo', () => {
    expect(
      samples(memoryFamilies('MemTotal:  16 kB\nActive(anon): 2 kB\nHugePages_Total:   3\nodd line\n')),
    ).toEqual([
      'node_memory_MemTotal_bytes 16384',
      'node_memory_Active_anon_bytes 2048',
      'node_memory_HugePages_Total 3',
    ]);
  });

  test('/proc/net/dev', () => {
    const text = 'Inter-| Receive\n face |bytes\n  eth0:1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n';
    const lines = samples(networkFamilies(text));
    expect(lines).toContain('node_network_receive_bytes_total{device="eth0"} 1');
    expect(lines).toContain('node_network_receive_multicast_total{device="eth0"} 8');
    expect(lines).toContain('node_network_transmit_bytes_total{device="eth0"} 9');
    expect(lines).toContain('node_network_transmit_carrier_total{device="eth0"} 15');
  });

  test('/proc/diskstats of an old kernel, without partitions and loop devices', () => {
    const text = '8 0 sda 1 2 3 4 5 6 7 8 9 10 11\n8 1 sda1 1 2 3 4 5 6 7 8 9 10 11\n7 0 loop0 0 0 0\n';
    const lines = samples(diskFamilies(text));
    expect(lines).toContain('node_disk_reads_completed_total{device="sda"} 1');
    expect(lines).toContain('node_disk_read_bytes_total{device="sda"} 1536');
    expect(lines).toContain('node_disk_read_time_seconds_total{device="sda"} 0.004');
    expect(lines).toContain('node_disk_io_time_weighted_seconds_total{device="sda"} 0.011');
    expect(lines.join('\n')).not.toMatch(/sda1|loop0|discard/);
  });

  test('/proc/pressure and /etc/os-release', () => {
    const pressure = 'some avg10=0.00 avg60=0.00 avg300=0.00 total=1500000\nfull avg10=0.00 total=250000\n';
    expect(samples(pressureFamilies('io', pressure))).toEqual([
      'node_pressure_io_waiting_seconds_total 1.5',
      'node_pressure_io_stalled_seconds_total 0.25',
    ]);
    expect(samples(pressureFamilies('cpu', pressure))).toEqual([
      'node_pressure_cpu_waiting_seconds_total 1.5',
    ]);
    expect(samples(osFamilies('ID=debian\nPRETTY_NAME="Debian 12"\n'))[0]).toContain('id="debian"');
  });

  test('/proc/self/mounts', () => {
    const text = [
      '/dev/sda1 / ext4 rw,relatime 0 0',
      'proc /proc proc rw 0 0',
      'tmpfs /run tmpfs ro,nosuid 0 0',
      'nas:/vol /mnt/with\\040space nfs4 rw 0 0',
      'overlay /var/lib/docker/overlay2/x/merged overlay rw 0 0',
      '/dev/sdb1 / xfs rw 0 0',
    ].join('\n');
    const mounts = parseMounts(text);
    expect(mounts.map(({ mountpoint, fstype, readonly }) => ({ mountpoint, fstype, readonly }))).toEqual([
      { mountpoint: '/', fstype: 'xfs', readonly: false },
      { mountpoint: '/run', fstype: 'tmpfs', readonly: true },
      { mountpoint: '/mnt/with space', fstype: 'nfs4', readonly: false },
    ]);
    expect(mounts.map(mayHang)).toEqual([false, false, true]);
  });
});

describe('a dead file server', () => {
  const MOUNTS = '/dev/sda1 / ext4 rw 0 0\nnas:/a /mnt/a nfs4 rw 0 0\nnas:/b /mnt/b nfs4 rw 0 0\n';
  const space = { size: 100, free: 50, available: 40, files: 10, filesFree: 5 };

  test('it is reported as an error, asked by one question at a time, and back when it answers', async () => {
    const time = fakeTime(0);
    const asked: string[] = [];
    let answer: ((value: typeof space) => void) | null = null;
    let dead = true;
    const sources: LinuxSources = {
      read: (path) => (path === '/proc/self/mounts' ? MOUNTS : null),
      space: (mountpoint) => {
        asked.push(mountpoint);
        if (mountpoint === '/' || !dead) return Promise.resolve(space);
        return new Promise((resolve) => {
          answer = resolve;
        });
      },
    };
    const collect = createLinuxCollector(time.clock, time.timers, sources);
    const once = async (): Promise<string> => {
      const collecting = collect();
      // Lets the local file system answer before the time moves on.
      for (let n = 0; n < 10; n += 1) await Promise.resolve();
      time.advance(2_000);
      return renderFamilies(await collecting);
    };
    const first = await once();
    expect(first).toContain(
      'node_filesystem_size_bytes{device="/dev/sda1",fstype="ext4",mountpoint="/"} 100',
    );
    expect(first).toContain(
      'node_filesystem_device_error{device="nas:/a",fstype="nfs4",mountpoint="/mnt/a"} 1',
    );
    expect(first).toContain(
      'node_filesystem_device_error{device="nas:/b",fstype="nfs4",mountpoint="/mnt/b"} 1',
    );
    await once();
    await once();
    // Only one question hangs, however often figures are collected.
    expect(asked).toEqual(['/', '/mnt/a', '/', '/']);
    dead = false;
    (answer as ((value: typeof space) => void) | null)?.(space);
    for (let n = 0; n < 10; n += 1) await Promise.resolve();
    const last = await once();
    expect(last).toContain(
      'node_filesystem_size_bytes{device="nas:/b",fstype="nfs4",mountpoint="/mnt/b"} 100',
    );
  });
});
