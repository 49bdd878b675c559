import { setImmediate } from 'node:timers/promises';
import * as z from 'zod';
import type { TaskContext } from '../platform/worker-tasks.ts';

/** Thrown inside a task when it was cancelled; the task turns it into the error CANCELLED. */
export class Cancelled extends Error {
  constructor() {
    super('cancelled');
  }
}

const pauseMessage = z.object({ kind: z.literal('pause'), paused: z.boolean() });

/** What is posted to a task to pause it or let it go on. */
export function pauseMessageOf(paused: boolean): z.infer<typeof pauseMessage> {
  return { kind: 'pause', paused };
}

/** How long a task may compute before it looks for messages. */
const LOOK_EVERY_MS = 25;

/**
 * Makes the function that a task calls often: it lets messages in now and then, waits while the task is paused, and throws
 * {@link Cancelled} when the operator cancelled.
 */
export function breathOf(context: TaskContext): () => Promise<void> {
  let lookedAt = performance.now();
  let resume: (() => void) | null = null;
  let paused: Promise<void> | null = null;
  const goOn = (): void => {
    resume?.();
    resume = null;
    paused = null;
  };
  context.onMessage((message) => {
    const parsed = pauseMessage.safeParse(message);
    if (!parsed.success) return;
    if (!parsed.data.paused) goOn();
    else
      paused ??= new Promise((resolve) => {
        resume = resolve;
      });
  });
  context.signal.addEventListener('abort', goOn);
  return async () => {
    const now = performance.now();
    if (now - lookedAt < LOOK_EVERY_MS && paused === null) return;
    await setImmediate();
    if (paused !== null) await paused;
    lookedAt = performance.now();
    if (context.signal.aborted) throw new Cancelled();
  };
}
