import fc from 'fast-check';
import { expect, test } from 'vitest';
import { procExposition } from '../../../main/engine/collect/proc/exposition.ts';
import { filesystemFamilies } from '../../../main/engine/collect/proc/filesystems.ts';

const whole =
  '== stat\ncpu0 100 0 50 800 1 2 3 4 5 6\nbtime 1700000000\n== meminfo\nMemTotal: 2 kB\nActive(anon): 1 kB\nHugePages_Total: 7\n== end\n';

test('an answer that was cut anywhere gives nothing at all', () => {
  expect(procExposition(whole).ok).toBe(true);
  for (let cut = 0; cut < whole.indexOf('== end') + 5; cut += 1)
    expect(procExposition(whole.slice(0, cut))).toMatchObject({ error: { code: 'PROC_ANSWER_CUT' } });
});

test('units and names are those of node_exporter', () => {
  const read = procExposition(whole);
  const text = read.ok ? read.value : '';
  expect(text).toContain('node_cpu_seconds_total{cpu="0",mode="idle"} 8\n');
  expect(text).toContain('node_memory_Active_anon_bytes 1024\n');
  expect(text).toContain('node_memory_HugePages_Total 7\n');
  expect(text).toContain('node_boot_time_seconds 1700000000\n');
});

test('a file system that does not answer is told as one that cannot be read', () => {
  const families = filesystemFamilies(
    ['srv:/data /mnt/nas\\040one nfs4 rw 0 0', '/dev/sda1 / ext4 ro,relatime 0 0'],
    ['/mnt/nas\\040one failed', '/ 4096 100 50 40 1000 900'],
  );
  const of = (name: string) => families.find((family) => family.name === `node_filesystem_${name}`)?.samples;
  const nas = { device: 'srv:/data', fstype: 'nfs4', mountpoint: '/mnt/nas one' };
  const root = { device: '/dev/sda1', fstype: 'ext4', mountpoint: '/' };
  expect(of('device_error')).toEqual([
    { labels: nas, value: 1 },
    { labels: root, value: 0 },
  ]);
  expect(of('avail_bytes')).toEqual([{ labels: root, value: 163_840 }]);
  expect(of('readonly')).toEqual([{ labels: root, value: 1 }]);
});

test('whatever a host says, the answer is text that holds only figures, or a refusal', () => {
  const line = fc.oneof(
    fc.constantFrom(
      '== stat',
      '== meminfo',
      '== net/dev',
      '== diskstats',
      '== mounts',
      '== space',
      '== end',
      'cpu0 1',
    ),
    fc.string({ maxLength: 60 }),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
      const read = procExposition(lines.join('\n'));
      if (!read.ok) return;
      for (const row of read.value.split('\n').filter((text) => text !== '' && !text.startsWith('#')))
        expect(row).toMatch(/^node_\w+(\{.*\})? -?[\d.e+-]+$/);
    }),
  );
});
