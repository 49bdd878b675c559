import { parse } from 'csv-parse/sync';
import { type AppError, appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import { clockOfDate } from '../remote-clock.ts';
import { counter, type Family, gauge, single } from '../workstation/families.ts';
import { type Asking, type CheckProbe, type Finding, failed, type ProbeDeps } from './check-probe.ts';
import { authorization } from './http.ts';
import { exchange, type HttpAnswer } from './http-exchange.ts';
import { cut } from './steps.ts';

/** Fetches a page of figures, with a login from the sealed store. */
async function fetchFigures(
  { what, timeoutMs, signal, steps }: Asking<'haproxy'> | Asking<'nginx'>,
  deps: ProbeDeps,
): Promise<Result<HttpAnswer>> {
  const login = await authorization({ ...what, bearer: null }, deps.secret);
  if (!login.ok) return login;
  const headers = login.value === null ? {} : { authorization: login.value };
  const ask = {
    url: new URL(what.url),
    method: 'GET',
    headers,
    body: '',
    tls: what.tls,
    timeoutMs,
    signal,
    steps,
  };
  const answer = await exchange(ask, deps);
  if (!answer.ok) return answer;
  const { status } = answer.value;
  return status === 200 ? answer : err(appError('CHECK_STATUS', { status, expected: '200' }));
}

const clockOf = (answer: HttpAnswer): Pick<Finding, 'remoteClock'> => {
  const remoteClock = clockOfDate(answer.headers.date ?? null, answer.sentAt, answer.answeredAt);
  return remoteClock === null ? {} : { remoteClock };
};

/** What stub_status counts. */
export type NginxStatus = Readonly<
  Record<'active' | 'accepted' | 'handled' | 'requests' | 'reading' | 'writing' | 'waiting', number>
>;

/** Reads the page of nginx's stub_status, or null when it is another. */
export function readStubStatus(text: string): NginxStatus | null {
  const [, active, accepted, handled, requests, reading, writing, waiting] =
    /^Active connections:\s+(\d+)\s+server accepts handled requests\s+(\d+)\s+(\d+)\s+(\d+)\s+Reading:\s+(\d+)\s+Writing:\s+(\d+)\s+Waiting:\s+(\d+)/.exec(
      text.slice(0, 1_000),
    ) ?? [];
  if (waiting === undefined) return null;
  return {
    active: Number(active),
    accepted: Number(accepted),
    handled: Number(handled),
    requests: Number(requests),
    reading: Number(reading),
    writing: Number(writing),
    waiting: Number(waiting),
  };
}

/** Reads nginx's stub_status, under the names of its exporter. */
export function createNginxProbe(deps: ProbeDeps): CheckProbe<'nginx'> {
  return async (asking) => {
    const answer = await fetchFigures(asking, deps);
    if (!answer.ok) return failed(answer.error, { families: [single('nginx_up', NGINX_UP, 0)] });
    const text = answer.value.body.toString('utf8');
    const status = readStubStatus(text);
    if (status === null)
      return failed(appError('CHECK_NOT_STATUS_PAGE', { url: asking.what.url, page: 'stub_status' }), {
        output: cut(text, 8_192),
        families: [single('nginx_up', NGINX_UP, 0)],
      });
    const dropped = status.accepted - status.handled;
    return {
      error: null,
      sentence: { zh: `活动连接 ${status.active}`, en: `${status.active} active connections` },
      measures: { ...status, dropped },
      families: [
        single('nginx_up', NGINX_UP, 1),
        ...(['accepted', 'active', 'handled', 'reading', 'waiting', 'writing'] as const).map((name) =>
          single(
            `nginx_connections_${name}`,
            `Client connections: ${name}.`,
            status[name],
            name === 'accepted' || name === 'handled' ? 'counter' : 'gauge',
          ),
        ),
        single('nginx_http_requests_total', 'Total http requests.', status.requests, 'counter'),
      ],
      output: text,
      ...clockOf(answer.value),
    };
  };
}

const NGINX_UP = 'Status of the last metric scrape.';

/** One line of HAProxy's statistics. */
export type HaproxyLine = {
  readonly proxy: string;
  /** `FRONTEND`, `BACKEND`, or the name of a server. */
  readonly service: string;
  readonly status: string;
  readonly fields: Readonly<Record<string, string>>;
};

/** Reads HAProxy's statistics in CSV (`;csv`). */
export function readHaproxyCsv(text: string): Result<readonly HaproxyLine[]> {
  if (!text.startsWith('# pxname,'))
    return err(appError('CHECK_ANSWER_INVALID', { why: 'not "# pxname,…"' }));
  try {
    const rows = parse(text.slice(2), { columns: true, relax_column_count: true }) as Record<
      string,
      string
    >[];
    return ok(
      rows.map((fields) => ({
        proxy: fields.pxname ?? '',
        service: fields.svname ?? '',
        status: fields.status ?? '',
        fields,
      })),
    );
  } catch (thrown) {
    return err(appError('CHECK_ANSWER_INVALID', { why: describeThrown(thrown) }));
  }
}

/** Columns that become series, by the name that HAProxy's own exporter has for them. */
const COLUMNS = [
  ['scur', 'current_sessions', 'gauge'],
  ['smax', 'max_sessions', 'gauge'],
  ['stot', 'sessions_total', 'counter'],
  ['bin', 'bytes_in_total', 'counter'],
  ['bout', 'bytes_out_total', 'counter'],
  ['econ', 'connection_errors_total', 'counter'],
  ['eresp', 'response_errors_total', 'counter'],
  ['ereq', 'request_errors_total', 'counter'],
  ['wretr', 'retry_warnings_total', 'counter'],
  ['req_tot', 'http_requests_total', 'counter'],
  ['qcur', 'current_queue', 'gauge'],
  ['weight', 'weight', 'gauge'],
  ['chkfail', 'check_failures_total', 'counter'],
] as const;

/** `no check` is neither up nor down; `UP 1/3` is on its way down, and still takes requests. */
const isDown = ({ status }: HaproxyLine): boolean => /^(DOWN|MAINT|STOP|NOLB)/.test(status);
/** A server that somebody took out on purpose is no failure. */
const isFailed = ({ status }: HaproxyLine): boolean => /^(DOWN|NOLB)/.test(status);

/** Reads what HAProxy says of its proxies and servers; a backend without a server, and a server that is down, are told. */
export function createHaproxyProbe(deps: ProbeDeps): CheckProbe<'haproxy'> {
  return async (asking) => {
    const answer = await fetchFigures(asking, deps);
    if (!answer.ok)
      return failed(answer.error, { families: [single('haproxy_up', 'Was the last scrape successful.', 0)] });
    const text = answer.value.body.toString('utf8');
    if (text.startsWith('# HELP ') || text.startsWith('# TYPE ')) return ownExposition(text, answer.value);
    const lines = readHaproxyCsv(text);
    if (!lines.ok)
      return failed(appError('CHECK_NOT_STATUS_PAGE', { url: asking.what.url, page: ';csv' }), {
        output: cut(text, 8_192),
        families: [single('haproxy_up', 'Was the last scrape successful.', 0)],
      });
    return {
      ...judge(lines.value),
      families: csvFamilies(lines.value),
      output: text,
      ...clockOf(answer.value),
    };
  };
}

function judge(lines: readonly HaproxyLine[]): Pick<Finding, 'error' | 'state' | 'sentence' | 'measures'> {
  const servers = lines.filter(({ service }) => service !== 'FRONTEND' && service !== 'BACKEND');
  const deadBackends = lines.filter((line) => line.service === 'BACKEND' && isFailed(line));
  const deadServers = servers.filter(isFailed);
  const up = servers.length - servers.filter(isDown).length;
  const measures = { servers: servers.length, servers_up: up, backends_down: deadBackends.length };
  const names = (found: readonly HaproxyLine[]): string =>
    cut(
      found.map(({ proxy, service }) => (service === 'BACKEND' ? proxy : `${proxy}/${service}`)).join(', '),
      300,
    );
  const error: AppError | null =
    deadBackends.length > 0
      ? appError('CHECK_BACKEND_DOWN', { names: names(deadBackends) })
      : deadServers.length > 0
        ? appError('CHECK_SERVERS_DOWN', { names: names(deadServers), up, all: servers.length })
        : null;
  if (error === null) {
    const said = `${up}/${servers.length}`;
    return { error, measures, sentence: { zh: `服务器正常 ${said}`, en: `servers up ${said}` } };
  }
  return { error, measures, state: deadBackends.length > 0 ? 'critical' : 'warning' };
}

/** The statistics as HAProxy's exporter names them. */
function csvFamilies(lines: readonly HaproxyLine[]): readonly Family[] {
  const kindOf = (line: HaproxyLine): 'frontend' | 'backend' | 'server' =>
    line.service === 'FRONTEND' ? 'frontend' : line.service === 'BACKEND' ? 'backend' : 'server';
  const labelsOf = (line: HaproxyLine): Readonly<Record<string, string>> =>
    kindOf(line) === 'server' ? { proxy: line.proxy, server: line.service } : { proxy: line.proxy };
  return [
    single('haproxy_up', 'Was the last scrape successful.', 1),
    ...(['frontend', 'backend', 'server'] as const).flatMap((kind) => {
      const own = lines.filter((line) => kindOf(line) === kind);
      return [
        gauge(
          `haproxy_${kind}_up`,
          `Whether the ${kind} is up.`,
          own.map((line) => ({ labels: labelsOf(line), value: isDown(line) ? 0 : 1 })),
        ),
        ...COLUMNS.map(([column, name, type]) =>
          (type === 'counter' ? counter : gauge)(
            `haproxy_${kind}_${name}`,
            `HAProxy's ${column}.`,
            own.flatMap((line) => {
              const text = line.fields[column] ?? '';
              return text === '' ? [] : [{ labels: labelsOf(line), value: Number(text) }];
            }),
          ),
        ),
      ];
    }),
  ];
}

/** HAProxy's own exporter: what it says is stored as it is, and its servers are judged. */
function ownExposition(text: string, answer: HttpAnswer): Finding {
  const states = [...text.matchAll(/^haproxy_(server|backend)_status\{([^}]*)\} 1$/gm)].map(
    ([, kind, labels = '']) => {
      const label = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(labels)?.[1] ?? '';
      const service = kind === 'backend' ? 'BACKEND' : label('server');
      return { proxy: label('proxy'), service, status: label('state'), fields: {} };
    },
  );
  return { ...judge(states), exposition: text, output: cut(text, 8_192), ...clockOf(answer) };
}
