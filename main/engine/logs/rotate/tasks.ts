import type { TaskLoaders } from '../../platform/worker-tasks.ts';
import type { SegmentCipher } from './cipher.ts';

const NAMES = [
  'logs.rotate.pack',
  'logs.rotate.measure',
  'logs.rotate.hash',
  'logs.rotate.search',
  'logs.rotate.context',
] as const;

/** The name of a task of rotation. */
export type RotationTask = (typeof NAMES)[number];

/** The tasks of rotation, for the worker entry; `cipher` loads what encrypts and opens segments. */
export function rotationTasks(cipher: () => Promise<SegmentCipher>): TaskLoaders {
  const load = async (name: RotationTask) => {
    const [{ taskFunctions }, opened] = await Promise.all([import('./task-functions.ts'), cipher()]);
    return taskFunctions(opened)[name];
  };
  return Object.fromEntries(NAMES.map((name) => [name, () => load(name)]));
}
