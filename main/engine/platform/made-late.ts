/** Something that is made with its first use, because making it takes long or loads much code. */
export type MadeLate<T> = {
  /** What was made, at its first use made now. Rejects with what making threw; the next use then tries again. */
  readonly get: () => Promise<T>;
  /** What was made, for closing it; null when nothing was, or could be. */
  readonly made: () => Promise<T | null>;
};

/** Holds back `make` until the first use; uses that come while it runs wait for the same one. */
export function madeLate<T>(make: () => Promise<T>): MadeLate<T> {
  let making: Promise<T> | null = null;
  return {
    get: () => {
      if (making === null) {
        making = make();
        // What was in the way, such as too many open files, may be gone by the next use.
        making.catch(() => {
          making = null;
        });
      }
      return making;
    },
    made: () => (making === null ? Promise.resolve(null) : making.catch(() => null)),
  };
}
