/**
 * What a host is asked: the kernel's own figures, each behind a line that names it. POSIX shell and `cat`, `date`, `uname`;
 * `stat -f` and `timeout` where there are any (GNU coreutils, BusyBox).
 *
 * A file system that does not answer, such as a lost NFS mount, is given up after five seconds; it is told as one that
 * cannot be read, and holds nothing else up.
 */
export const PROC_SCRIPT = [
  'export LC_ALL=C',
  'for f in stat meminfo loadavg diskstats net/dev vmstat sys/fs/file-nr; do',
  'echo "== $f"; cat "/proc/$f" 2>/dev/null; done',
  'echo "== time"; date +%s.%N',
  'echo "== uname"; uname -s; uname -r; uname -v; uname -m; uname -n',
  'echo "== mounts"; cat /proc/self/mounts',
  'echo "== space"',
  'while read -r device at type rest; do',
  'case $type in',
  'autofs|binfmt_misc|bpf|cgroup*|configfs|debugfs|devpts|devtmpfs|fusectl|hugetlbfs|iso9660|mqueue|nsfs|overlay|proc|procfs|pstore|rpc_pipefs|securityfs|selinuxfs|squashfs|sysfs|tracefs) continue;;',
  'esac',
  'dir=$(printf %b "$at")',
  'printf "%s " "$at"; timeout 5 stat -f -c "%S %b %f %a %c %d" "$dir" 2>/dev/null || echo failed',
  'done </proc/self/mounts',
  'echo "== end"',
].join('\n');
