import { type CheckProbe, failed, type ProbeDeps } from './check-probe.ts';
import { compare } from './database.ts';

/** Reads one value of a SQLite file, in a thread: a file on a dead share must not hold the engine. */
export function createSqliteProbe({ sqlite }: ProbeDeps): CheckProbe<'sqlite'> {
  return async ({ what, timeoutMs, signal, steps }) => {
    const end = steps.begin({ zh: '打开并查询', en: 'open and query' });
    const read = await sqlite({ file: what.file, query: what.query, timeoutMs }, signal);
    end(read.ok, read.ok ? (read.value ?? 'NULL') : read.error.message.en);
    if (!read.ok) return failed(read.error);
    // A check of a whole file says "ok", or what is wrong with it.
    const isCheck = what.expect === null && /^\s*pragma\s+(quick|integrity)_check/i.test(what.query);
    return compare(read.value, isCheck ? 'ok' : what.expect);
  };
}
