import { useState } from 'react';
import type { RequestInput, RequestName, RequestOutput } from '#shared/contract/index.ts';
import type { AppError, Result } from '#shared/errors/index.ts';
import { useCall } from '../../../components/use-request.ts';

/** One button's call: busy while it is under way, and why it failed. */
export type SaveAction = {
  readonly busy: boolean;
  readonly error: AppError | null;
  readonly run: <N extends RequestName>(
    name: N,
    input: RequestInput<N>,
    after?: (value: RequestOutput<N>) => void,
  ) => Promise<void>;
};

/** A call whose failure is shown where it arose. */
export function useSaveAction(): SaveAction {
  const call = useCall();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  return {
    busy,
    error,
    run: async (name, input, after) => {
      setBusy(true);
      const answer: Result<RequestOutput<typeof name>> = await call(name, input);
      setBusy(false);
      setError(answer.ok ? null : answer.error);
      if (answer.ok) after?.(answer.value);
    },
  };
}
