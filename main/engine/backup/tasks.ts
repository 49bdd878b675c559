import type { TaskLoaders } from '../platform/worker-tasks.ts';

const NAMES = [
  'backup.run',
  'backup.follow',
  'backup.verify',
  'backup.inspect',
  'backup.copy',
  'backup.keyFiles',
  'backup.verifyCopies',
  'backup.kit',
  'backup.state',
  'backup.synthesize',
  'backup.sqlite',
  'backup.dumps',
  'backup.find',
] as const;

/** The name of a task of this area. */
export type BackupTask = (typeof NAMES)[number];

/**
 * The area's work that runs in threads of its own, by task name. They share most of their code, so they are loaded together: files
 * for each set of modules that some of them share would take every command longer to open.
 */
export const backupTasks: TaskLoaders = Object.fromEntries(
  NAMES.map((name) => [name, async () => (await import('./task-functions.ts')).taskFunctions[name]]),
);
