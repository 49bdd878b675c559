import {
  type HostInput,
  isTargetAddress,
  type ScrapeConfig,
  scrapeConfigSchema,
  type Tier,
} from '#shared/contract/hosts.ts';

/** What the operator has typed so far; texts as typed. */
export type AddHostDraft = {
  /** An exporter is scraped; the host is asked over SSH; or a port is only tried. */
  readonly way: 'exporter' | 'ssh' | 'tcp';
  /** The SSH login, by its id. */
  readonly login: string;
  readonly host: string;
  readonly port: string;
  readonly scheme: 'http' | 'https';
  readonly path: string;
  readonly intervalSeconds: string;
  readonly job: string;
  readonly username: string;
  /** The password itself, sealed when the host is added. */
  readonly password: string;
  readonly bearerToken: string;
  readonly caFile: string;
  readonly insecure: boolean;
  readonly name: string;
  readonly tier: Tier;
  readonly labels: string;
};

/** A draft before anything was typed: node_exporter's usual place. */
export const emptyDraft: AddHostDraft = {
  way: 'exporter',
  login: '',
  host: '',
  port: '9100',
  scheme: 'http',
  path: '/metrics',
  intervalSeconds: '15',
  job: 'node',
  username: '',
  password: '',
  bearerToken: '',
  caFile: '',
  insecure: false,
  name: '',
  tier: 'business',
  labels: '',
};

/** The steps in their order; `done` comes only after the host was added. */
export const addHostSteps = ['address', 'test', 'describe', 'confirm', 'done'] as const;

/** Which fields of the first step cannot be used, by the key of the sentence that says why. */
export type AddressErrors = {
  readonly host: 'required' | 'badAddress' | null;
  readonly port: 'badPort' | null;
  readonly path: 'badPath' | null;
  readonly interval: 'badInterval' | null;
  readonly job: 'required' | null;
  readonly login: 'noLogin' | null;
};

function wholeNumber(text: string, min: number, max: number): number | null {
  if (!/^\d{1,6}$/.test(text.trim())) return null;
  const value = Number(text);
  return value >= min && value <= max ? value : null;
}

/** Checks the first step. */
export function checkAddress(draft: AddHostDraft): AddressErrors {
  const host = draft.host.trim();
  return {
    host: host === '' ? 'required' : isTargetAddress(`${host}:1`) ? null : 'badAddress',
    port: wholeNumber(draft.port, 1, 65_535) === null ? 'badPort' : null,
    path: draft.way !== 'exporter' || draft.path.startsWith('/') ? null : 'badPath',
    interval: wholeNumber(draft.intervalSeconds, 1, 86_400) === null ? 'badInterval' : null,
    job: draft.job.trim() === '' ? 'required' : null,
    login: draft.way === 'ssh' && draft.login === '' ? 'noLogin' : null,
  };
}

/** Whether a step has an error. */
export function hasErrors(errors: Readonly<Record<string, unknown>>): boolean {
  return Object.values(errors).some((error) => error !== null);
}

/** Labels typed one a line as `name=value`; on failure the 1-based line that is not so. */
export function parseLabels(
  text: string,
):
  | { readonly ok: true; readonly labels: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly line: number } {
  const labels: Record<string, string> = {};
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const match = /^\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*(.*?)\s*$/.exec(line);
    if (!match) return { ok: false, line: index + 1 };
    labels[match[1] ?? ''] = match[2] ?? '';
  }
  return { ok: true, labels };
}

/** The scrape that a checked draft describes. */
export function scrapeOf(draft: AddHostDraft): ScrapeConfig {
  const intervalMs = (wholeNumber(draft.intervalSeconds, 1, 86_400) ?? 15) * 1000;
  const common = {
    job: draft.job,
    address: `${draft.host.trim()}:${draft.port.trim()}`,
    intervalMs,
    timeoutMs: Math.min(10_000, intervalMs),
  };
  if (draft.way === 'ssh') return scrapeConfigSchema.parse({ ...common, overSsh: { login: draft.login } });
  if (draft.way === 'tcp') return scrapeConfigSchema.parse({ ...common, probe: { kind: 'tcp' } });
  const tls = {
    ...(draft.caFile.trim() === '' ? {} : { caFile: draft.caFile.trim() }),
    ...(draft.insecure ? { insecureSkipVerify: true } : {}),
  };
  return scrapeConfigSchema.parse({
    ...common,
    scheme: draft.scheme,
    metricsPath: draft.path,
    ...(draft.username.trim() === ''
      ? {}
      : {
          basicAuth: {
            username: draft.username.trim(),
            ...(draft.password === '' ? {} : { password: draft.password }),
          },
        }),
    ...(draft.bearerToken === '' ? {} : { bearerToken: draft.bearerToken }),
    ...(draft.scheme === 'https' && Object.keys(tls).length > 0 ? { tls } : {}),
  });
}

/** The host that a checked draft describes. */
export function hostOf(draft: AddHostDraft): HostInput {
  const labels = parseLabels(draft.labels);
  return {
    name: nameOf(draft),
    address: draft.host.trim(),
    tier: draft.tier,
    labels: labels.ok ? { ...labels.labels } : {},
    scrapes: [scrapeOf(draft)],
  };
}

/** The name of the host: what was typed, or else its address. */
export function nameOf(draft: AddHostDraft): string {
  return draft.name.trim() || draft.host.trim();
}

/** Where the metrics are read from. */
export function urlOf(draft: AddHostDraft): string {
  const place = `${draft.host.trim()}:${draft.port.trim()}`;
  return draft.way === 'exporter' ? `${draft.scheme}://${place}${draft.path}` : `${draft.way}://${place}`;
}
