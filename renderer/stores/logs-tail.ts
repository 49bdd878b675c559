import { createStore, type StoreApi } from 'zustand/vanilla';
import type { EngineClient } from '#shared/contract/client.ts';
import type { EventPayload } from '#shared/contract/index.ts';
import {
  type TailState,
  tailCleared,
  tailOff,
  tailPaused,
  tailReceived,
  tailResumed,
  tailStarting,
} from './logs-tail-state.ts';

/** A live tail that lives as long as the window, whatever page is shown and whether the window is visible. */
export type LogsTail = {
  readonly store: StoreApi<TailState>;
  /** Gives the tail its engine; null when the engine is gone. A running tail goes on with the new engine. */
  readonly attach: (client: EngineClient | null) => void;
  /** Begins a tail; one that runs with another query is replaced. */
  readonly start: (query: string) => void;
  readonly stop: () => void;
  readonly pause: () => void;
  readonly resume: () => void;
  readonly clear: () => void;
};

type Session = {
  readonly client: EngineClient;
  tailId: string | null;
  /** Batches that arrived before the engine's answer with the id of this tail. */
  early: EventPayload<'logs.tail'>[];
  unsubscribe: () => void;
};

/**
 * Makes a live tail. It holds no timer and asks for no animation frame: both are throttled in a hidden window,
 * messages of the engine are not.
 *
 * @param now UTC milliseconds
 */
export function createLogsTail(now: () => number): LogsTail {
  const store = createStore<TailState>(() => tailOff);
  let client: EngineClient | null = null;
  let session: Session | null = null;

  const hear = (own: Session, batch: EventPayload<'logs.tail'>): void => {
    if (own !== session) return;
    if (own.tailId === null) own.early.push(batch);
    else if (batch.tailId === own.tailId) store.setState((state) => tailReceived(state, batch));
  };

  const leave = (): void => {
    const left = session;
    session = null;
    left?.unsubscribe();
    // The answer is of no use: either the engine stopped the tail, or it is gone and the tail with it.
    if (left?.tailId) void left.client.call('logs.tail.stop', { tailId: left.tailId });
  };

  const open = async (query: string): Promise<void> => {
    leave();
    if (!client) {
      store.setState({ status: 'interrupted' });
      return;
    }
    const own: Session = { client, tailId: null, early: [], unsubscribe: () => undefined };
    session = own;
    own.unsubscribe = client.on('logs.tail', (batch) => hear(own, batch));
    const answer = await client.call('logs.tail.start', { query });
    if (own !== session) {
      if (answer.ok) void own.client.call('logs.tail.stop', { tailId: answer.value.tailId });
      return;
    }
    if (!answer.ok) {
      const gone = answer.error.code === 'ENGINE_GONE';
      store.setState({ status: gone ? 'interrupted' : 'failed', error: gone ? null : answer.error });
      leave();
      return;
    }
    own.tailId = answer.value.tailId;
    store.setState({ status: 'live', error: null });
    const early = own.early.splice(0);
    for (const batch of early) hear(own, batch);
  };

  return {
    store,
    attach: (next) => {
      if (next === client) return;
      client = next;
      const { status, query, interruptions } = store.getState();
      if (status === 'off' || status === 'failed') return;
      if (next === null) {
        leave();
        store.setState({ status: 'interrupted', interruptions: interruptions + 1 });
      } else {
        if (status !== 'interrupted') store.setState({ interruptions: interruptions + 1 });
        store.setState({ status: 'starting' });
        void open(query);
      }
    },
    start: (query) => {
      store.setState(tailStarting(query, now()), true);
      void open(query);
    },
    stop: () => {
      leave();
      store.setState({ status: 'off', paused: false });
    },
    pause: () => store.setState(tailPaused),
    resume: () => store.setState(tailResumed),
    clear: () => store.setState(tailCleared),
  };
}
