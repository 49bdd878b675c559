import { once } from 'node:events';
import { MessageChannel } from 'node:worker_threads';
import { afterEach, expect, test, vi } from 'vitest';
import { askFirstQuestions } from '../../../renderer/pages/overview/first-questions.ts';
import { connectPort, useConnection } from '../../../renderer/stores/connection.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  useConnection.setState({ link: 'starting', client: null, generation: 0, error: null });
});

test('live values that are asked for before the engine stands may be younger than the question', async () => {
  vi.stubGlobal('location', { pathname: '/', search: '' });
  const began = Date.now();
  askFirstQuestions();
  const { port1, port2 } = new MessageChannel();
  try {
    const asked = once(port2, 'message');
    connectPort(port1 as unknown as MessagePort);
    const [{ method, params }] = await asked;
    expect(method).toBe('metrics.columns');
    // The first sample of a new site is taken seconds after the question on a slow machine.
    expect(params.end).toBeGreaterThan(began + 5_000);
  } finally {
    port2.close();
  }
});

test('on another page than the overview nothing is asked ahead', () => {
  vi.stubGlobal('location', { pathname: '/hosts', search: '' });
  askFirstQuestions();
  const call = vi.fn();
  useConnection.setState({ client: { call } as never });
  expect(call).not.toHaveBeenCalled();
});
