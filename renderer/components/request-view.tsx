import type { ReactNode } from 'react';
import { useTranslation } from '../locales/use-translation.ts';
import { ErrorNotice } from './error-notice.tsx';
import { Skeleton } from './skeleton.tsx';
import { relativeText } from './time.ts';
import type { RequestState } from './use-request.ts';

export type RequestViewProps<T> = {
  readonly request: RequestState<T>;
  readonly children: (data: T) => ReactNode;
  /** Rows of the skeleton. */
  readonly rows?: number;
};

/**
 * Shows a request by the house rules: nothing, then a skeleton; old data stays and is marked with its age; a
 * failure stands above what is still shown.
 */
export function RequestView<T>({ request, children, rows }: RequestViewProps<T>) {
  return (
    <>
      {request.error && request.error.code !== 'ENGINE_GONE' && (
        <ErrorNotice error={request.error} onRetry={request.reload} />
      )}
      {request.data !== null ? (
        <>
          <StaleMark request={request} />
          {children(request.data)}
        </>
      ) : request.error === null || request.error.code === 'ENGINE_GONE' ? (
        <Skeleton {...(rows === undefined ? {} : { rows })} />
      ) : null}
    </>
  );
}

/** The age of old data; nothing when the data is fresh. */
export function StaleMark({ request }: { readonly request: Pick<RequestState<unknown>, 'stale' | 'at'> }) {
  const { t } = useTranslation();
  if (!request.stale || request.at === null) return null;
  return (
    <div className="stale">
      {t('common:request.staleFrom', { age: relativeText(t, request.at, Date.now()) })}
    </div>
  );
}
