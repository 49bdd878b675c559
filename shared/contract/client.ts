import { type AppError, appError } from '../errors/app-error.ts';
import { err, ok, type Result } from '../errors/result.ts';
import type { EventName, EventPayload, RequestInput, RequestName, RequestOutput } from './index.ts';
import { type ClientMessage, engineMessageSchema } from './wire.ts';

/** A way to the engine: a MessagePort in the window, one JSON line a message on a socket. */
export type Transport = {
  readonly send: (message: ClientMessage) => void;
  /** Hears every message; what it hears is not trusted to have the right shape. */
  readonly onMessage: (listener: (message: unknown) => void) => void;
  /** Hears once when the way is gone. */
  readonly onClose: (listener: () => void) => void;
};

/** Calls the engine by the contract. */
export type EngineClient = {
  /** Calls one method. Never rejects: failures, a lost engine and cancellation are values. */
  readonly call: <N extends RequestName>(
    name: N,
    input: RequestInput<N>,
    signal?: AbortSignal,
  ) => Promise<Result<RequestOutput<N>>>;
  /** Hears an event until the returned function is called. */
  readonly on: <E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void) => () => void;
};

/** Makes a client over a transport. When the transport closes, every open call ends with ENGINE_GONE. */
export function createEngineClient(transport: Transport): EngineClient {
  let nextId = 0;
  let gone: AppError | null = null;
  const open = new Map<number, (result: Result<unknown>) => void>();
  const listeners = new Map<string, Set<(payload: unknown) => void>>();

  transport.onMessage((raw) => {
    const parsed = engineMessageSchema.safeParse(raw);
    if (!parsed.success) return;
    const message = parsed.data;
    if ('event' in message) {
      for (const listener of listeners.get(message.event) ?? []) listener(message.payload);
      return;
    }
    const settle = open.get(message.id);
    open.delete(message.id);
    settle?.(message.ok ? ok(message.value) : err(message.error));
  });

  transport.onClose(() => {
    gone = appError('ENGINE_GONE');
    for (const settle of open.values()) settle(err(gone));
    open.clear();
  });

  return {
    call: <N extends RequestName>(name: N, input: RequestInput<N>, signal?: AbortSignal) => {
      if (gone) return Promise.resolve(err(gone));
      const id = nextId++;
      return new Promise<Result<RequestOutput<N>>>((resolve) => {
        const onAbort = (): void => {
          transport.send({ cancel: id });
          open.delete(id);
          resolve(err(appError('CANCELLED')));
        };
        if (signal?.aborted) {
          resolve(err(appError('CANCELLED')));
          return;
        }
        signal?.addEventListener('abort', onAbort, { once: true });
        open.set(id, (result) => {
          signal?.removeEventListener('abort', onAbort);
          // The engine answers by the same contract that typed the call; its own tests validate outputs.
          resolve(result as Result<RequestOutput<N>>);
        });
        transport.send({ id, method: name, params: input });
      });
    },
    on: <E extends EventName>(event: E, listener: (payload: EventPayload<E>) => void) => {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set);
      const hear = (payload: unknown): void => listener(payload as EventPayload<E>);
      set.add(hear);
      return () => set.delete(hear);
    },
  };
}
