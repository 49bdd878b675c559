import type { TaskLoaders } from '../platform/worker-tasks.ts';
import { sourcesTasks } from './sources/tasks.ts';

/** The area's work that runs in threads of its own, by task name. */
export const backupTasks: TaskLoaders = {
  'backup.run': async () => {
    const { runBackup, runTaskSchema } = await import('./run-task.ts');
    return (data, context) => runBackup(runTaskSchema.parse(data), context);
  },
  'backup.follow': async () => {
    const { followWriting, followTaskSchema } = await import('./follow-task.ts');
    return (data, context) => followWriting(followTaskSchema.parse(data), context);
  },
  'backup.verify': async () => {
    const { verifyPoint, verifyTaskSchema } = await import('./verify-task.ts');
    return (data, context) => verifyPoint(verifyTaskSchema.parse(data), context);
  },
  'backup.inspect': async () => {
    const { inspectAll, inspectTaskSchema } = await import('./rebuild/inspect-task.ts');
    return (data, context) => inspectAll(inspectTaskSchema.parse(data), context);
  },
  'backup.copy': async () => {
    const { copyArchives, copyTaskSchema } = await import('./copy/copy-task.ts');
    return (data, context) => copyArchives(copyTaskSchema.parse(data), context);
  },
  'backup.keyFiles': async () => {
    const { findKeyFiles, keyFilesTaskSchema } = await import('./crypto/key-on-media.ts');
    return async (data) => findKeyFiles(keyFilesTaskSchema.parse(data));
  },
  'backup.verifyCopies': async () => {
    const { verifyCopies, verifyCopiesTaskSchema } = await import('./copy/verify-copies-task.ts');
    return (data, context) => verifyCopies(verifyCopiesTaskSchema.parse(data), context);
  },
  'backup.kit': async () => {
    const { writeKit, kitTaskSchema } = await import('./media/kit-task.ts');
    return (data) => writeKit(kitTaskSchema.parse(data));
  },
  'backup.state': async () => {
    const { composeState, stateTaskSchema } = await import('./state-index.ts');
    return (data) => composeState(stateTaskSchema.parse(data));
  },
  'backup.synthesize': async () => {
    const { synthesize, synthesizeTaskSchema } = await import('./synthetic/synthesize-task.ts');
    return (data, context) => synthesize(synthesizeTaskSchema.parse(data), context);
  },
  ...sourcesTasks,
  'backup.find': async () => {
    const { findEverywhere, findTaskSchema } = await import('./find-task.ts');
    return async (data) => findEverywhere(findTaskSchema.parse(data));
  },
};
