import { createEngineClient, type EngineClient } from '#shared/contract/client.ts';
import type { RequestInput, RequestName, RequestOutput } from '#shared/contract/index.ts';
import { connectLocalSocket } from '../../main/engine/local-socket.ts';
import { dataFolderPaths } from '../../main/engine/storage/data-folder.ts';

/** A test's own way to a running engine, beside the window's. */
export type EngineAccess = {
  readonly client: EngineClient;
  /** Calls and expects success. */
  readonly call: <N extends RequestName>(name: N, input: RequestInput<N>) => Promise<RequestOutput<N>>;
  readonly close: () => void;
};

/**
 * Connects to the engine that runs on a data folder, over its local socket.
 *
 * @returns null when no engine answers there
 */
export async function reachEngine(dataDir: string): Promise<EngineAccess | null> {
  const socket = await connectLocalSocket(dataFolderPaths(dataDir).socket, 2_000);
  if (!socket) return null;
  const client = createEngineClient(socket);
  return {
    client,
    call: async (name, input) => {
      const answer = await client.call(name, input);
      if (!answer.ok) throw new Error(`${name}: ${answer.error.code} ${answer.error.message.en}`);
      return answer.value;
    },
    close: () => socket.close(),
  };
}
