import { Client } from 'undici';
import type { ApiData } from '../../../main/engine/promql/results.ts';
import { differences } from '../../helpers/compare-answers.ts';
import type { ApiAnswer } from '../../helpers/prometheus.ts';
import { median } from './report.ts';

/** Median milliseconds of both servers, the bytes of the console's answer, and in what the answers differ. */
export type Turns = {
  readonly ours: number;
  readonly theirs: number;
  readonly bytes: number;
  readonly differences: readonly string[];
};

type Asked = { readonly ms: number; readonly body: Buffer };

/** Asks both servers the same path in turns, `rounds` times after one that warms them up and whose answers are compared. */
export async function askInTurns(
  consoleUrl: string,
  prometheusUrl: string,
  path: string,
  rounds: number,
): Promise<Turns> {
  const us = new Client(consoleUrl);
  const them = new Client(prometheusUrl);
  const first = { ours: await ask(us, path), theirs: await ask(them, path) };
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    // Who goes first changes, so that neither always follows the other's garbage.
    const order = round % 2 === 0 ? ([us, them] as const) : ([them, us] as const);
    for (const client of order) (client === us ? ours : theirs).push((await ask(client, path)).ms);
  }
  await Promise.all([us.close(), them.close()]);
  return {
    ours: median(ours),
    theirs: median(theirs),
    bytes: first.ours.body.length,
    differences: compared(path, first.theirs.body, first.ours.body),
  };
}

async function ask(client: Client, path: string): Promise<Asked> {
  const began = performance.now();
  const response = await client.request({ method: 'GET', path });
  const body = Buffer.from(await response.body.arrayBuffer());
  const ms = performance.now() - began;
  if (response.statusCode !== 200)
    throw new Error(`${path}: ${response.statusCode} ${body.toString('utf8').slice(0, 500)}`);
  return { ms, body };
}

/** A fast answer that is another one is worth nothing. */
function compared(path: string, theirs: Buffer, ours: Buffer): readonly string[] {
  const wanted = JSON.parse(theirs.toString('utf8')) as ApiAnswer<ApiData>;
  const got = JSON.parse(ours.toString('utf8')) as { readonly data: ApiData };
  const query = new URLSearchParams(path.slice(path.indexOf('?'))).get('query') ?? path;
  return differences(query, wanted, { ok: true, value: got.data });
}
