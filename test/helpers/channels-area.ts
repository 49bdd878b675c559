import type { RequestInput, RequestName, RequestOutput } from '#shared/contract/index.ts';
import { requests } from '#shared/contract/index.ts';
import type { Delivery } from '#shared/contract/notice.ts';
import { type ChannelsArea, createChannelsArea } from '../../main/engine/channels/area.ts';
import { systemClock } from '../../main/engine/platform/clock.ts';
import { systemTimers } from '../../main/engine/platform/timers.ts';
import { consoleDatabase } from './notices.ts';
import { PATIENCE_MS } from './patience.ts';
import { newVault } from './secrets.ts';
import { silentLogger } from './silent-logger.ts';

type AreaRequest = Extract<RequestName, `channels.${string}` | `contacts.${string}` | `shifts.${string}`>;

/** The area over a real database and the machine's own time. */
export type ChannelsBench = {
  readonly area: ChannelsArea;
  readonly said: Delivery[];
  /** Calls as a client does: validated, and expected to succeed. */
  readonly call: <N extends AreaRequest>(name: N, input: RequestInput<N>) => Promise<RequestOutput<N>>;
  /** Ids of what fires, for repetitions. */
  firing: Set<string>;
  /** Ends the area and its database. */
  readonly close: () => Promise<void>;
};

/** Makes the area on a folder. */
export function channelsBench(folder: string): ChannelsBench {
  const db = consoleDatabase(folder);
  const said: Delivery[] = [];
  const bench = { firing: new Set<string>() };
  const area = createChannelsArea({
    db,
    secrets: newVault(db),
    clock: systemClock,
    timers: systemTimers,
    logger: silentLogger,
    broadcast: () => undefined,
    site: () => ({ siteName: '一号站', classification: '内部' }),
    externalUrl: () => '',
    firing: () => bench.firing,
    sending: true,
    random: () => 0,
  });
  area.onDelivery((delivery) => said.push(delivery));
  const never = new AbortController().signal;
  return Object.assign(bench, {
    area,
    said,
    call: async <N extends AreaRequest>(name: N, input: RequestInput<N>): Promise<RequestOutput<N>> => {
      const params = requests[name].input.parse(input);
      // The map types each handler by its own method; here both come from the same name.
      const handler = area.handlers[name] as (
        params: unknown,
        context: unknown,
      ) => Promise<{
        readonly ok: boolean;
        readonly value: RequestOutput<N>;
        readonly error: { readonly code: string };
      }>;
      const answer = await handler(params, { signal: never, closed: never, emit: () => undefined });
      if (!answer.ok) throw new Error(`${name}: ${answer.error.code}`);
      return answer.value;
    },
    close: async () => {
      await area.close();
      db.close();
    },
  });
}

/** Waits until something holds. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string,
  ms = PATIENCE_MS,
): Promise<void> {
  const end = performance.now() + ms;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
