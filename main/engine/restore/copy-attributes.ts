import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { encodePath, type RawPath } from '../platform/raw-path.ts';

/** Gives a path all attributes of another one: mode, owner, times to the nanosecond, extended attributes, ACLs. */
export async function copyAttributes(from: RawPath, to: RawPath): Promise<void> {
  if (process.platform === 'win32') return;
  // Names that are not UTF-8 cannot be arguments of ours; `xargs` takes them as bytes.
  const child = spawn('xargs', ['-0', 'cp', '--attributes-only', '--preserve=all', '--'], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const names = Buffer.concat([encodePath(from), Buffer.from([0]), encodePath(to), Buffer.from([0])]);
  child.stdin.on('error', () => undefined).end(names);
  try {
    await once(child, 'close');
  } catch {
    // Without these tools mode, owner and time are given back all the same, times to the microsecond.
  }
}
