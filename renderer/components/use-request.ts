import { useCallback, useEffect, useRef, useState } from 'react';
import type {
  EventName,
  EventPayload,
  RequestInput,
  RequestName,
  RequestOutput,
} from '#shared/contract/index.ts';
import { type AppError, appError, err, type Result } from '#shared/errors/index.ts';
import { useConnection } from '../stores/connection.ts';
import { takePrimed } from '../stores/primed.ts';
import { type Asker, createAsker } from './asker.ts';

/** What a page knows about one request. */
export type RequestState<T> = {
  /** The newest answer; kept while a newer one is under way and when the engine is away. */
  readonly data: T | null;
  /** When `data` arrived, UTC milliseconds. */
  readonly at: number | null;
  /** Why the newest attempt failed; null after a success. */
  readonly error: AppError | null;
  readonly loading: boolean;
  /** True when `data` is older than the newest attempt, which failed or found no engine. */
  readonly stale: boolean;
  readonly reload: () => void;
};

export type RequestOptions = {
  /** Asks again this often; not at all when left out. */
  readonly refreshMs?: number;
  /** False asks nothing and keeps what is there. */
  readonly enabled?: boolean;
  /** What the answer is about, e.g. a host's id: when it changes, the old answer is dropped instead of kept. */
  readonly subject?: string;
  /** True lets an open question be answered before a newer one is asked; for what moves with the clock. */
  readonly patient?: boolean;
  /** True takes the answer that was asked for before the first drawing, if there is one. */
  readonly primed?: boolean;
};

type Answer<T> = {
  readonly subject: string;
  readonly data: T | null;
  readonly at: number | null;
  readonly error: AppError | null;
  readonly loading: boolean;
};

/**
 * Asks the engine and keeps the answer: old data stays while new data is fetched, a new connection asks again, and
 * leaving the page cancels the call.
 */
export function useRequest<N extends RequestName>(
  name: N,
  input: RequestInput<N>,
  options: RequestOptions = {},
): RequestState<RequestOutput<N>> {
  const { refreshMs, enabled = true, subject = '', primed = false, patient = false } = options;
  const client = useConnection((state) => state.client);
  const [answer, setAnswer] = useState<Answer<RequestOutput<N>>>({
    subject,
    data: null,
    at: null,
    error: null,
    loading: enabled,
  });
  const [round, setRound] = useState(0);
  const latest = useRef(input);
  latest.current = input;
  // The input's content is the identity of the request: callers build it anew on every render.
  const key = JSON.stringify(input);

  const asker = useRef<Asker<RequestInput<N>> | null>(null);
  useEffect(() => {
    if (!enabled || client === null) return;
    const made = createAsker<RequestInput<N>, RequestOutput<N>>({
      call: (question, signal) =>
        (primed ? takePrimed(name) : undefined) ?? client.call(name, question, signal),
      onStart: () => setAnswer((old) => ({ ...about(old, subject), loading: true })),
      onResult: (result) =>
        setAnswer((old) =>
          result.ok
            ? { subject, data: result.value, at: Date.now(), error: null, loading: false }
            : { ...about(old, subject), error: result.error, loading: false },
        ),
    });
    asker.current = made;
    return () => {
      made.close();
      asker.current = null;
    };
  }, [client, name, subject, enabled, primed]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new asker, a new `key` or a new `round` asks again.
  useEffect(() => {
    asker.current?.ask(latest.current, { patient, refreshMs });
  }, [client, name, subject, enabled, primed, key, round, patient, refreshMs]);

  const reload = useCallback(() => setRound((value) => value + 1), []);
  const { data, at, error, loading } = about(answer, subject);
  const stale = data !== null && (error !== null || client === null);
  return { data, at, error, loading, stale, reload };
}

/** The answer when it is about this subject, else one that is still to come. */
function about<T>(answer: Answer<T>, subject: string): Answer<T> {
  return answer.subject === subject ? answer : { subject, data: null, at: null, error: null, loading: true };
}

/** Asks the engine once. */
export type Ask = <N extends RequestName>(
  name: N,
  input: RequestInput<N>,
  signal?: AbortSignal,
) => Promise<Result<RequestOutput<N>>>;

/** Calls the engine once, for buttons and wizards; a missing engine is a value like any failure. */
export function useCall(): Ask {
  return useCallback((name, input, signal) => {
    const { client } = useConnection.getState();
    return client === null ? Promise.resolve(err(appError('ENGINE_GONE'))) : client.call(name, input, signal);
  }, []);
}

/** Hears an event of the engine while the component is shown, across reconnections. */
export function useEvent<E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void): void {
  const client = useConnection((state) => state.client);
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => client?.on(event, (payload) => latest.current(payload)), [client, event]);
}
