import type { AuditWay } from '#shared/contract/audit.ts';
import {
  type Broadcast,
  type CallContext,
  type EventName,
  type Handlers,
  type RequestName,
  type RequestParams,
  requests,
} from '#shared/contract/index.ts';
import { clientMessageSchema, type EngineMessage } from '#shared/contract/wire.ts';
import { appError, describeThrown, err, type Result } from '#shared/errors/index.ts';
import type { AuditTrail } from './access/audit/trail.ts';
import type { Logger } from './platform/logger.ts';

/** One client's way to the engine, seen from the engine. */
export type ServerTransport = {
  readonly send: (message: EngineMessage) => void;
  /** Hears every message; none of it is trusted. */
  readonly onMessage: (listener: (message: unknown) => void) => void;
  /** Hears once when the client is gone. */
  readonly onClose: (listener: () => void) => void;
};

/** By which way a client calls. */
export type CallerWay = Exclude<AuditWay, 'engine'>;

/** Serves the contract to any number of clients. */
export type Hub = {
  /** Pushes an event to every client. Areas get this before there are handlers. */
  readonly broadcast: Broadcast;
  /** Begins to answer a client. */
  readonly attach: (transport: ServerTransport, via: CallerWay) => void;
};

/** Calls that one client may have open at once; a client past it is refused, not queued without bound. */
const MAX_OPEN_CALLS = 256;

/** Characters of a refused request that are shown and logged. */
const MOST_SHOWN = 300;

function isRequestName(method: string): method is RequestName {
  return Object.hasOwn(requests, method);
}

/**
 * Makes the hub. `handlers` is asked for at each call, because the areas that make it need `broadcast` first.
 *
 * @param trail is asked before every request and told its outcome, whichever way it came
 */
export function createHub(
  handlers: () => Handlers,
  logger: Logger,
  trail: Pick<AuditTrail, 'begin' | 'refused'>,
): Hub {
  const clients = new Set<ServerTransport>();

  const answer = async (
    method: string,
    params: unknown,
    via: CallerWay,
    context: CallContext,
  ): Promise<Result<unknown>> => {
    if (!isRequestName(method)) {
      logger.log('warn', 'unknown method refused', { method: method.slice(0, 100) });
      return err(appError('UNKNOWN_METHOD', { method }));
    }
    const parsed = requests[method].input.safeParse(params);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      // Names of unknown fields are the caller's own text, as long as it likes.
      const field = issue?.path.join('.').slice(0, MOST_SHOWN) ?? '';
      const why = issue?.message.slice(0, MOST_SHOWN) ?? '';
      logger.log('warn', 'malformed request refused', { method, field, why });
      trail.refused(method, field, via);
      return err(appError('BAD_INPUT', { method, field, why }, { field }));
    }
    const recorded = trail.begin(method, parsed.data as RequestParams<typeof method>, via);
    if (!recorded.ok) return recorded;
    const result = await carryOut(method, parsed.data, context);
    recorded.value?.end(result);
    return result;
  };

  const carryOut = async (
    method: RequestName,
    params: unknown,
    context: CallContext,
  ): Promise<Result<unknown>> => {
    try {
      // The map types each handler by its own method; here the pair of method and parameters was just validated.
      const handler = handlers()[method] as (
        params: unknown,
        context: CallContext,
      ) => Promise<Result<unknown>>;
      return await handler(params, context);
    } catch (thrown) {
      const what = describeThrown(thrown);
      logger.log('error', 'handler threw', {
        method,
        what,
        stack: thrown instanceof Error ? thrown.stack : undefined,
      });
      return err(appError('INTERNAL', { what }));
    }
  };

  const attach = (transport: ServerTransport, via: CallerWay): void => {
    const closed = new AbortController();
    const open = new Map<number, AbortController>();
    const emit = (event: EventName, payload: unknown): void => {
      if (!closed.signal.aborted) transport.send({ event, payload });
    };
    clients.add(transport);

    transport.onClose(() => {
      clients.delete(transport);
      closed.abort();
      for (const call of open.values()) call.abort();
    });

    transport.onMessage((raw) => {
      const parsed = clientMessageSchema.safeParse(raw);
      if (!parsed.success) {
        logger.log('warn', 'malformed message refused');
        return;
      }
      const message = parsed.data;
      if ('cancel' in message) {
        open.get(message.cancel)?.abort();
        return;
      }
      const { id, method, params } = message;
      if (open.has(id) || open.size >= MAX_OPEN_CALLS) {
        const error = appError('BAD_INPUT', { method, field: 'id', why: 'too many open calls' });
        transport.send({ id, ok: false, error });
        return;
      }
      const call = new AbortController();
      open.set(id, call);
      void answer(method, params, via, { signal: call.signal, closed: closed.signal, emit }).then(
        (result) => {
          open.delete(id);
          if (closed.signal.aborted) return;
          transport.send(
            result.ok ? { id, ok: true, value: result.value } : { id, ok: false, error: result.error },
          );
        },
      );
    });
  };

  return {
    broadcast: (event, payload) => {
      for (const client of clients) client.send({ event, payload });
    },
    attach,
  };
}
