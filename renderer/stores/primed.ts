import type { EngineClient } from '#shared/contract/client.ts';
import type { RequestInput, RequestName, RequestOutput } from '#shared/contract/index.ts';
import type { Result } from '#shared/errors/index.ts';

/**
 * Answers that were asked for before the component that needs them is drawn for the first time, so that the engine
 * works while the window draws. Each is taken once, by a request that says it may.
 */
const asked = new Map<RequestName, Promise<Result<unknown>>>();

/** Asks now for what a component will need. */
export function prime<N extends RequestName>(client: EngineClient, name: N, input: RequestInput<N>): void {
  asked.set(name, client.call(name, input));
}

/** Takes the primed answer of a request, if there is one; a second taker gets none. */
export function takePrimed<N extends RequestName>(name: N): Promise<Result<RequestOutput<N>>> | undefined {
  const answer = asked.get(name);
  asked.delete(name);
  // Kept under the name of the request that typed it.
  return answer as Promise<Result<RequestOutput<N>>> | undefined;
}
