import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('./farm-process.ts', import.meta.url));

/** An exporter farm in a process of its own. */
export type Farm = {
  readonly port: number;
  /** Path of one target's metrics. */
  readonly path: (target: number) => string;
  /** Scrapes that were answered wholly, over all targets. */
  readonly answered: () => Promise<number>;
  readonly stop: () => Promise<void>;
};

async function heard(child: ChildProcess): Promise<Readonly<Record<string, number>>> {
  const [message] = await once(child, 'message');
  return message;
}

/** Starts a farm of `targets` exporters with `series` series each. */
export async function startFarm(targets: number, series: number): Promise<Farm> {
  const child = fork(script, [String(targets), String(series)]);
  const { port = 0 } = await heard(child);
  return {
    port,
    path: (target) => `/t/${target}/metrics`,
    answered: async () => {
      const message = heard(child);
      child.send('answered');
      return (await message).answered ?? 0;
    },
    stop: async () => {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}
