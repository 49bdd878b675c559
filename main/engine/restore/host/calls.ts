import { appError, err, type Result } from '#shared/errors/index.ts';
import type { TaskContext } from '../../platform/worker-tasks.ts';
import type { HostPort } from './port.ts';

/** A call of the port from a thread, and its answer. */
type Call = {
  readonly hostCall: { readonly id: number; readonly method: keyof HostPort; readonly args: unknown[] };
};
type Answer = { readonly hostAnswer: { readonly id: number; readonly result: Result<unknown> } };

const METHODS: readonly (keyof HostPort)[] = [
  'find',
  'hash',
  'openToRead',
  'read',
  'create',
  'write',
  'put',
  'finish',
  'close',
  'makeFolder',
  'makeLink',
  'hardLink',
  'rename',
  'publish',
  'remove',
  'removeFolder',
  'describe',
  'space',
];

/** The port, inside a thread: each call is posted to the engine's thread, and waits for the answer. */
export function hostPortOf({ post, onMessage }: Pick<TaskContext, 'post' | 'onMessage'>): HostPort {
  const waiting = new Map<number, (result: Result<unknown>) => void>();
  let next = 0;
  onMessage((message) => {
    // Only the engine's own code posts to a thread.
    const { hostAnswer } = message as Partial<Answer>;
    if (hostAnswer === undefined) return;
    waiting.get(hostAnswer.id)?.(hostAnswer.result);
    waiting.delete(hostAnswer.id);
  });
  const calling =
    (method: keyof HostPort) =>
    (...args: unknown[]): Promise<Result<unknown>> => {
      const id = next;
      next += 1;
      return new Promise((resolve) => {
        waiting.set(id, resolve);
        post({ hostCall: { id, method, args } } satisfies Call);
      });
    };
  // Each member has the type of the port's: what answers is the port itself.
  return Object.fromEntries(METHODS.map((method) => [method, calling(method)])) as HostPort;
}

/**
 * Answers a call that a thread posted.
 *
 * @returns false when the message is none
 */
export function answerHostCall(port: HostPort, message: unknown, post: (answer: unknown) => void): boolean {
  const { hostCall } = message as Partial<Call>;
  if (hostCall === undefined) return false;
  const { id, method, args } = hostCall;
  const call = port[method] as (...args: unknown[]) => Promise<Result<unknown>>;
  call(...args).then(
    (result) => post({ hostAnswer: { id, result } } satisfies Answer),
    (thrown: unknown) =>
      post({
        hostAnswer: { id, result: err(appError('INTERNAL', { what: `${method}: ${String(thrown)}` })) },
      } satisfies Answer),
  );
  return true;
}
