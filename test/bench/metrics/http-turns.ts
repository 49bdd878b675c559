import { Client } from 'undici';
import { median } from './report.ts';

/** Median milliseconds of both servers, and the bytes of the console's answer. */
export type Turns = { readonly ours: number; readonly theirs: number; readonly bytes: number };

type Asked = { readonly ms: number; readonly bytes: number };

/** Asks both servers the same path in turns, `rounds` times after one that warms them up. */
export async function askInTurns(
  consoleUrl: string,
  prometheusUrl: string,
  path: string,
  rounds: number,
): Promise<Turns> {
  const console_ = new Client(consoleUrl);
  const prometheus = new Client(prometheusUrl);
  const ours: number[] = [];
  const theirs: number[] = [];
  let bytes = 0;
  for (let round = 0; round <= rounds; round++) {
    // Who goes first changes, so that neither always follows the other's garbage.
    const order = round % 2 === 0 ? ([console_, prometheus] as const) : ([prometheus, console_] as const);
    for (const client of order) {
      const asked = await ask(client, path);
      if (client === console_) bytes = asked.bytes;
      if (round > 0) (client === console_ ? ours : theirs).push(asked.ms);
    }
  }
  await Promise.all([console_.close(), prometheus.close()]);
  return { ours: median(ours), theirs: median(theirs), bytes };
}

async function ask(client: Client, path: string): Promise<Asked> {
  const began = performance.now();
  const response = await client.request({ method: 'GET', path });
  const body = await response.body.arrayBuffer();
  const ms = performance.now() - began;
  if (response.statusCode !== 200)
    throw new Error(`${path}: ${response.statusCode} ${Buffer.from(body).toString('utf8').slice(0, 500)}`);
  return { ms, bytes: body.byteLength };
}
