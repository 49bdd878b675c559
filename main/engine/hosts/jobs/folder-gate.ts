import { inTurns } from '../../platform/in-turn.ts';
import type { Timers } from '../../platform/timers.ts';

/** A folder does not answer: most likely a network drive that has gone away. */
export class FolderSilent extends Error {}

/** A folder was not asked, because too many others are silent: nothing is known of it. */
export class FolderNotAsked extends Error {
  /** The folders that are silent. */
  readonly silent: readonly string[];

  constructor(folder: string, silent: readonly string[]) {
    super(folder);
    this.silent = silent;
  }
}

/** Does something in a folder. Throws {@link FolderSilent}, {@link FolderNotAsked} */
export type FolderGate = <T>(folder: string, work: () => Promise<T>) => Promise<T>;

/** A folder that has not answered for so long is a silent one. */
const PATIENCE_MS = 5_000;
/**
 * What a silent folder was asked stays with it until it answers, and keeps one of the four threads that the runtime reads files
 * with. Two remain for everything else.
 */
const MOST_UNANSWERED = 2;

/**
 * Asks folders one thing after another. One that does not answer is not asked again before it has; when too many are silent, none
 * is asked.
 */
export function createFolderGate(timers: Timers): FolderGate {
  const unanswered = new Set<string>();
  const inTurn = inTurns();

  const ask = <T>(folder: string, work: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      if (unanswered.has(folder)) {
        reject(new FolderSilent(folder));
        return;
      }
      if (unanswered.size >= MOST_UNANSWERED) {
        reject(new FolderNotAsked(folder, [...unanswered]));
        return;
      }
      const cancel = timers.after(PATIENCE_MS, () => {
        unanswered.add(folder);
        reject(new FolderSilent(folder));
      });
      const answered = (): void => {
        cancel();
        unanswered.delete(folder);
      };
      work().then(resolve, reject).finally(answered);
    });

  return (folder, work) => inTurn(() => ask(folder, work));
}
