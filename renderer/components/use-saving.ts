import { useState } from 'react';
import type { AppError, Result } from '#shared/errors/index.ts';

/** What a dialog knows of its one request. */
export type Saving = {
  readonly busy: boolean;
  /** Why the last attempt failed; null after a success. */
  readonly error: AppError | null;
  /** Waits for the answer; a success is told to `onDone`. */
  readonly run: (work: Promise<Result<unknown>>) => Promise<void>;
};

/** Keeps whether a dialog's request is under way, and why it failed. */
export function useSaving(onDone: () => void): Saving {
  const [error, setError] = useState<AppError | null>(null);
  const [busy, setBusy] = useState(false);
  const run = async (work: Promise<Result<unknown>>): Promise<void> => {
    setBusy(true);
    const answer = await work;
    setBusy(false);
    setError(answer.ok ? null : answer.error);
    if (answer.ok) onDone();
  };
  return { busy, error, run };
}
