import type { TaskFunction } from '../platform/worker-tasks.ts';
import { copyArchives, copyTaskSchema } from './copy/copy-task.ts';
import { verifyCopies, verifyCopiesTaskSchema } from './copy/verify-copies-task.ts';
import { findKeyFiles, keyFilesTaskSchema } from './crypto/key-on-media.ts';
import { findEverywhere, findTaskSchema } from './find-task.ts';
import { followTaskSchema, followWriting } from './follow-task.ts';
import { kitTaskSchema, writeKit } from './media/kit-task.ts';
import { inspectAll, inspectTaskSchema } from './rebuild/inspect-task.ts';
import { runBackup, runTaskSchema } from './run-task.ts';
import { dumpsTaskSchema, readDumps } from './sources/dumps-task.ts';
import { copySqlite, sqliteTaskSchema } from './sources/sqlite-task.ts';
import { composeState, stateTaskSchema } from './state-index.ts';
import { synthesize, synthesizeTaskSchema } from './synthetic/synthesize-task.ts';
import type { BackupTask } from './tasks.ts';
import { verifyPoint, verifyTaskSchema } from './verify-task.ts';

/** The area's work that runs in threads of its own: loaded by a thread that is to do some. */
export const taskFunctions: Readonly<Record<BackupTask, TaskFunction>> = {
  'backup.run': (data, context) => runBackup(runTaskSchema.parse(data), context),
  'backup.follow': (data, context) => followWriting(followTaskSchema.parse(data), context),
  'backup.verify': (data, context) => verifyPoint(verifyTaskSchema.parse(data), context),
  'backup.inspect': (data, context) => inspectAll(inspectTaskSchema.parse(data), context),
  'backup.copy': (data, context) => copyArchives(copyTaskSchema.parse(data), context),
  'backup.keyFiles': async (data) => findKeyFiles(keyFilesTaskSchema.parse(data)),
  'backup.verifyCopies': (data, context) => verifyCopies(verifyCopiesTaskSchema.parse(data), context),
  'backup.kit': (data) => writeKit(kitTaskSchema.parse(data)),
  'backup.state': (data) => composeState(stateTaskSchema.parse(data)),
  'backup.synthesize': (data, context) => synthesize(synthesizeTaskSchema.parse(data), context),
  'backup.sqlite': (data, context) => copySqlite(sqliteTaskSchema.parse(data), context),
  'backup.dumps': (data, context) => readDumps(dumpsTaskSchema.parse(data), context),
  'backup.find': async (data) => findEverywhere(findTaskSchema.parse(data)),
};
