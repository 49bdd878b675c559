import type { ConnectionOptions } from 'node:tls';
import type { CheckOf } from '#shared/contract/checks.ts';
import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import { type Family, gauge } from '../workstation/families.ts';
import { type CheckProbe, failed, type ProbeDeps, type RemoteClock } from './check-probe.ts';
import { openConnection } from './connection.ts';
import { createStepLog, cut } from './steps.ts';
import { keysOfDiscovery } from './zabbix-discovery.ts';
import { askItem, itemValue } from './zabbix-protocol.ts';
import { STARTER_DISCOVERY, STARTER_KEYS, starterFamilies } from './zabbix-starter.ts';

/** An agent forks three workers for passive checks unless told otherwise. */
const AT_ONCE = 3;
const MOST_ITEMS = 2_000;
const CLOCK_KEY = 'system.localtime';

/** What one item answered. */
type Item = { readonly key: string; readonly value: string | null; readonly why: string };

/** Asks a Zabbix agent for items (passive checks, ZBXD). */
export function createZabbixProbe(deps: ProbeDeps): CheckProbe<'zabbix'> {
  const { clock } = deps;
  return async ({ what, timeoutMs, signal, steps }) => {
    const tls = await tlsOf(what, deps);
    if (!tls.ok) return failed(tls.error);
    let isFirst = true;

    /** One item on a connection of its own, as the protocol has it; only the first connection is told in steps. */
    const get = async (key: string): Promise<Result<Item>> => {
      const log = isFirst ? steps : createStepLog(clock);
      isFirst = false;
      const to = { host: what.host, port: what.port, tls: tls.value, timeoutMs, signal, steps: log };
      const opened = await openConnection(to, deps);
      if (!opened.ok) return opened;
      const end = steps.begin({ zh: `监控项 ${key}`, en: `item ${key}` });
      const answer = await askItem(opened.value.socket, key, signal);
      if (!answer.ok) {
        const { code, message } = answer.error;
        end(false, message.en);
        return err(
          code === 'CANCELLED'
            ? appError('CHECK_TIMEOUT', { step: key, seconds: timeoutMs / 1000 })
            : answer.error,
        );
      }
      const read = itemValue(answer.value);
      const item =
        'value' in read ? { key, value: read.value, why: '' } : { key, value: null, why: read.unsupported };
      end(item.value !== null, item.value ?? item.why);
      return ok(item);
    };
    const getAll = (keys: readonly string[]) => inTurns(keys, get);

    const sent = clock.now();
    const first = await get(CLOCK_KEY);
    if (!first.ok) return failed(first.error);
    const remoteClock = clockOf(first.value, sent, clock.now());

    const discovered: string[] = [];
    for (const { key, items } of [...what.discover, ...(what.starter ? STARTER_DISCOVERY : [])]) {
      const found = await get(key);
      if (!found.ok) return failed(found.error);
      const keys = found.value.value === null ? ok([]) : keysOfDiscovery(found.value.value, items);
      if (!keys.ok) return failed(keys.error);
      discovered.push(...keys.value);
    }
    const wanted = new Set([...what.items, ...(what.starter ? STARTER_KEYS : []), ...discovered]);
    if (wanted.size > MOST_ITEMS) return failed(appError('CHECK_ZABBIX_TOO_MANY', { limit: MOST_ITEMS }));
    const items = await getAll([...wanted]);
    if (!items.ok) return failed(items.error);
    return {
      ...judge(items.value, what.items),
      ...findings(items.value, what),
      ...(remoteClock === null ? {} : { remoteClock }),
    };
  };
}

/** Asked items that the agent does not have are a failure; those of the starter set differ from system to system. */
function judge(items: readonly Item[], asked: readonly string[]) {
  const lacking = items.filter(({ key, value }) => value === null && asked.includes(key));
  const got = items.filter(({ value }) => value !== null);
  const [first] = lacking;
  const error: AppError | null =
    first === undefined
      ? null
      : appError('CHECK_ZABBIX_UNSUPPORTED', { key: first.key, why: first.why, count: lacking.length });
  const only = got.length === 1 ? cut(got[0]?.value ?? '', 100) : null;
  return {
    error,
    ...(error === null
      ? {
          sentence:
            only === null
              ? { zh: `${got.length} 个监控项`, en: `${got.length} items` }
              : { zh: only, en: only },
        }
      : {}),
  };
}

function findings(items: readonly Item[], what: CheckOf<'zabbix'>) {
  const numbers = items.flatMap(({ key, value }) => {
    const number = value === null || value.trim() === '' ? Number.NaN : Number(value);
    return Number.isFinite(number) ? [{ key, number }] : [];
  });
  const [only] = numbers;
  const measures = Object.fromEntries(numbers.map(({ key, number }) => [key, number]));
  const families: Family[] = [
    gauge(
      'zabbix_item_value',
      "Numeric value of an agent's item.",
      numbers.map(({ key, number }) => ({ labels: { key }, value: number })),
    ),
    ...(what.starter ? starterFamilies(new Map(items.map(({ key, value }) => [key, value ?? '']))) : []),
  ];
  const output = items
    .map(({ key, value, why }) => `${key}: ${value ?? `ZBX_NOTSUPPORTED ${why}`}`)
    .join('\n');
  return {
    measures: numbers.length === 1 && only !== undefined ? { ...measures, value: only.number } : measures,
    families,
    output,
  };
}

function clockOf(item: Item, sentMs: number, receivedMs: number): RemoteClock | null {
  const seconds = Number(item.value);
  if (item.value === null || !Number.isFinite(seconds)) return null;
  return { by: 'zabbix', remoteMs: seconds * 1000, coarseMs: 1_000, sentMs, receivedMs };
}

/** A few at a time; the first failure of the connection ends it, because the others would fail alike. */
async function inTurns(
  keys: readonly string[],
  get: (key: string) => Promise<Result<Item>>,
): Promise<Result<readonly Item[]>> {
  const items: Item[] = [];
  for (let at = 0; at < keys.length; at += AT_ONCE) {
    for (const got of await Promise.all(keys.slice(at, at + AT_ONCE).map(get))) {
      if (!got.ok) return got;
      items.push(got.value);
    }
  }
  return ok(items);
}

/** TLS by certificates or by a pre-shared key, which Node's TLS 1.2 has. */
async function tlsOf(
  { psk, tls }: CheckOf<'zabbix'>,
  { secret }: ProbeDeps,
): Promise<Result<NonNullable<Parameters<typeof openConnection>[0]['tls']> | null>> {
  if (psk === null) return ok(tls);
  const key = await secret(psk.key);
  if (!key.ok) return key;
  const hex = key.value.trim();
  if (!/^([0-9a-fA-F]{2}){16,256}$/.test(hex)) return err(appError('CHECK_ZABBIX_PSK'));
  const bytes = Buffer.from(hex, 'hex');
  const options: ConnectionOptions = {
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.2',
    ciphers:
      'ECDHE-PSK-AES128-CBC-SHA256:ECDHE-PSK-AES128-CBC-SHA:PSK-AES128-GCM-SHA256:PSK-AES128-CBC-SHA256:PSK-AES128-CBC-SHA',
    pskCallback: () => ({ psk: bytes, identity: psk.identity }),
    // There are no certificates: whoever knows the key is the agent.
    checkServerIdentity: () => undefined,
  };
  return ok(options);
}
