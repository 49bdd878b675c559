import { MessageChannel } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { connectPort, followEngineState, useConnection } from '../../../renderer/stores/connection.ts';
import { appError } from '../../../shared/errors/index.ts';

/** Node's ports are the window's ports in all that the connection uses. */
function channel(): {
  readonly port: MessagePort;
  readonly engine: import('node:worker_threads').MessagePort;
} {
  const { port1, port2 } = new MessageChannel();
  return { port: port1 as unknown as MessagePort, engine: port2 };
}

const opened: { close: () => void }[] = [];
afterEach(() => {
  for (const port of opened.splice(0)) port.close();
  useConnection.setState({ link: 'starting', client: null, generation: 0, error: null });
});

describe('the connection to the engine', () => {
  it('calls over the port that was handed over', async () => {
    const { port, engine } = channel();
    opened.push(engine);
    engine.on('message', ({ id }) => engine.postMessage({ id, ok: true, value: { hosts: [] } }));
    connectPort(port);
    const answer = await useConnection.getState().client?.call('hosts.list', {});
    expect(answer).toEqual({ ok: true, value: { hosts: [] } });
    expect(useConnection.getState().link).toBe('connected');
  });

  it('is not connected before the engine has said something', async () => {
    const { port, engine } = channel();
    opened.push(engine);
    connectPort(port);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(useConnection.getState()).toMatchObject({ link: 'starting', generation: 1 });
    engine.postMessage({ event: 'site.status', payload: {} });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(useConnection.getState().link).toBe('connected');
  });

  it('ends open calls as values and says that the engine is being restarted when the port closes', async () => {
    const { port, engine } = channel();
    connectPort(port);
    const call = useConnection.getState().client?.call('hosts.list', {});
    engine.close();
    const answer = await call;
    expect(answer).toMatchObject({ ok: false, error: { code: 'ENGINE_GONE' } });
    expect(useConnection.getState()).toMatchObject({ link: 'restarting', client: null });
  });

  it('keeps a newer connection when an older port closes late', async () => {
    const first = channel();
    const second = channel();
    opened.push(second.engine);
    connectPort(first.port);
    connectPort(second.port);
    second.engine.postMessage({ event: 'site.status', payload: {} });
    first.engine.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(useConnection.getState().link).toBe('connected');
    expect(useConnection.getState().generation).toBe(2);
  });

  it('keeps the reason of a refusal when the port of that engine comes after it, until an engine speaks', async () => {
    const error = appError('DATA_FOLDER_IN_USE', { dir: 'x', pid: 1, since: 'now' });
    const [refused, next] = [channel(), channel()];
    opened.push(refused.engine, next.engine);
    followEngineState({ state: 'refused', error });
    connectPort(refused.port);
    expect(useConnection.getState()).toMatchObject({ link: 'refused', error });
    connectPort(next.port);
    next.engine.postMessage({ event: 'site.status', payload: {} });
    await expect.poll(() => useConnection.getState()).toMatchObject({ link: 'connected', error: null });
  });

  it('shows why the engine refuses', () => {
    const error = appError('CANCELLED');
    followEngineState({ state: 'refused', error });
    expect(useConnection.getState()).toMatchObject({ link: 'refused', client: null, error });
  });
});
