import { useEffect, useRef, useState } from 'react';
import type { RequestInput, RequestName, RequestOutput } from '#shared/contract/index.ts';
import type { AppError } from '#shared/errors/index.ts';
import { useCall, useEvent } from '../../../components/use-request.ts';

/** A request of the trail that tells how far it is. */
export type LongRequest<N extends RequestName> = {
  /** How far it is; null while none is under way. */
  readonly progress: { readonly done: number; readonly total: number } | null;
  readonly result: RequestOutput<N> | null;
  readonly error: AppError | null;
  readonly start: (input: RequestInput<N>) => Promise<void>;
  readonly cancel: () => void;
};

/** Carries out a verification or an export; leaving the page cancels it. */
export function useLongRequest<N extends 'audit.verify' | 'audit.export'>(name: N): LongRequest<N> {
  const call = useCall();
  const abort = useRef<AbortController | null>(null);
  const [progress, setProgress] = useState<LongRequest<N>['progress']>(null);
  const [result, setResult] = useState<RequestOutput<N> | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  useEvent('audit.progress', (now) => {
    if (abort.current !== null) setProgress(now);
  });
  useEffect(() => () => abort.current?.abort(), []);
  return {
    progress,
    result,
    error,
    start: async (input) => {
      const own = new AbortController();
      abort.current = own;
      setProgress({ done: 0, total: 0 });
      setResult(null);
      setError(null);
      const answer = await call(name, input, own.signal);
      if (abort.current !== own) return;
      abort.current = null;
      setProgress(null);
      if (answer.ok) setResult(answer.value);
      else if (answer.error.code !== 'CANCELLED') setError(answer.error);
    },
    cancel: () => abort.current?.abort(),
  };
}
