import * as z from 'zod';
import {
  type Host,
  labelsSchema,
  type ScrapeConfig,
  scrapeConfigSchema,
  type Target,
  tierSchema,
} from '#shared/contract/hosts.ts';
import {
  componentInputSchema,
  dependenceSchema,
  hostCardInputSchema,
  type NodeRef,
} from '#shared/contract/inventory.ts';
import { type ScrapeJob, scrapeJobSchema } from '#shared/contract/scrape-jobs.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { nodeKey } from './graph.ts';
import type { Listed, ListedEntry } from './import/listed.ts';
import type { Names } from './rules.ts';
import type { Inventory } from './store.ts';

/** Version of the format; a file of a later one is refused. Jobs came with the second; a file without any stays at the first. */
const SITE_FILE_VERSION = 2;

const described = hostCardInputSchema.omit({ hostId: true });
const named = z.string().trim().min(1).max(200);

/** The site file: one JSON object, documented in docs/inventory.md. */
const siteFileSchema = z.strictObject({
  format: z.literal('hmtt-site'),
  version: z.int(),
  console: z.string().max(100).optional(),
  exportedAt: z.string().max(100).optional(),
  hosts: z
    .array(
      z.strictObject({
        name: named,
        address: z.string().trim().min(1).max(300),
        tier: tierSchema.exclude(['workstation']).default('other'),
        labels: labelsSchema.default({}),
        ...described.shape,
        targets: z.array(scrapeConfigSchema.strict()).max(50).default([]),
      }),
    )
    .max(20_000)
    .default([]),
  components: z
    .array(
      z.strictObject({
        ...componentInputSchema.omit({ id: true, hostId: true, targetId: true }).shape,
        host: named.nullable().default(null),
        target: z.string().max(200).nullable().default(null),
      }),
    )
    .max(50_000)
    .default([]),
  links: z
    .array(
      z.strictObject({
        from: named,
        to: named,
        protocol: z.string().trim().max(60).default(''),
        dependsOn: dependenceSchema.default('no'),
        note: z.string().trim().max(2_000).default(''),
      }),
    )
    .max(100_000)
    .default([]),
  jobs: z.array(scrapeJobSchema.strict()).max(10_000).default([]),
  /** Jobs whose passwords or tokens are not in the file. */
  secretsLeftOut: z.array(z.string()).optional(),
});
type SiteFile = z.input<typeof siteFileSchema>;

/** What a site file is written from. */
export type SiteFileParts = {
  readonly inventory: Inventory;
  readonly hosts: readonly Host[];
  readonly targets: readonly Target[];
  readonly jobs: readonly ScrapeJob[];
  readonly names: Names;
  readonly version: string;
  readonly at: number;
};

/** A configuration without its sealed passwords, tokens and keys; those in files are named by path, and stay. */
function withoutSecrets<C extends Pick<ScrapeConfig, 'basicAuth' | 'bearerToken' | 'tls'>>(
  config: C,
): { readonly config: Omit<C, 'basicAuth' | 'bearerToken' | 'tls'>; readonly leftOut: boolean } {
  const { basicAuth, bearerToken, tls, ...rest } = config;
  const { password, ...login } = basicAuth ?? { username: '' };
  const { key, ...certificates } = tls ?? { insecureSkipVerify: false };
  return {
    config: {
      ...rest,
      ...(basicAuth === undefined ? {} : { basicAuth: login }),
      ...(tls === undefined ? {} : { tls: certificates }),
    },
    leftOut: [password, bearerToken, key].some((secret) => secret !== undefined),
  };
}

/** The inventory as a document lists it, in an order that does not change by itself, with references in place of secrets. */
export function listSite(parts: Omit<SiteFileParts, 'version' | 'at'>) {
  const { inventory, names } = parts;
  const byName = <T extends { readonly name: string }>(list: readonly T[]): T[] =>
    list.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const name = (node: NodeRef): string => names.get(nodeKey(node)) ?? node.id;
  const hosts = byName(parts.hosts.filter(({ thisWorkstation }) => !thisWorkstation)).map((host) => {
    const {
      hostId: _,
      version: _v,
      changedAt: _c,
      ...card
    } = inventory.cards.get(host.id) ?? {
      ...hostCardInputSchema.parse({ hostId: host.id }),
      version: 0,
      changedAt: 0,
    };
    const targets = parts.targets.filter(({ hostId }) => hostId === host.id).map(({ config }) => config);
    const tier = host.tier === 'workstation' ? 'other' : host.tier;
    return { name: host.name, address: host.address, tier, labels: host.labels, ...card, targets };
  });
  const workstation = new Set(
    parts.hosts
      .filter(({ thisWorkstation }) => thisWorkstation)
      .map(({ id }) => nodeKey({ kind: 'host', id })),
  );
  return {
    hosts,
    components: byName([...inventory.components.values()]).map(
      ({ id: _, version: _v, changedAt: _c, hostId, targetId, ...component }) => ({
        ...component,
        host: hostId === null ? null : name({ kind: 'host', id: hostId }),
        target: targetId,
      }),
    ),
    links: [...inventory.links.values()]
      .filter(({ from, to }) => !workstation.has(nodeKey(from)) && !workstation.has(nodeKey(to)))
      .map(({ from, to, protocol, dependsOn, note }) => ({
        from: name(from),
        to: name(to),
        protocol,
        dependsOn,
        note,
      }))
      .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    jobs: parts.jobs.toSorted((a, b) => (a.settings.job < b.settings.job ? -1 : 1)),
  };
}

/** Writes the inventory alone as one file, without secrets. */
export function writeSiteFile(parts: SiteFileParts): string {
  const leftOut = new Set<string>();
  const shown = <C extends Parameters<typeof withoutSecrets>[0] & { readonly job: string }>(config: C) => {
    const bare = withoutSecrets(config);
    if (bare.leftOut) leftOut.add(config.job);
    return bare.config;
  };
  const listed = listSite(parts);
  const hosts = listed.hosts.map(({ targets, ...host }) => ({ ...host, targets: targets.map(shown) }));
  const jobs = listed.jobs.map((job) => ({ ...job, settings: shown(job.settings) }));
  const file: SiteFile = {
    format: 'hmtt-site',
    version: jobs.length === 0 ? 1 : SITE_FILE_VERSION,
    console: parts.version,
    exportedAt: new Date(parts.at).toISOString(),
    hosts,
    components: listed.components,
    links: listed.links,
    ...(jobs.length === 0 ? {} : { jobs }),
    secretsLeftOut: [...leftOut].toSorted(),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** Reads a site file strictly: what it does not know, or knows otherwise, refuses it whole. */
export function readSiteFile(file: string, text: string): Result<Listed> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    return refusal(file, '不是 JSON', 'it is not JSON', thrown instanceof Error ? thrown.message : '');
  }
  const version = z.object({ format: z.literal('hmtt-site'), version: z.int() }).safeParse(value);
  if (!version.success) return refusal(file, '不是站点文件', 'it is not a site file');
  if (version.data.version > SITE_FILE_VERSION + 1)
    return refusal(file, '它来自更新版本的控制台', 'it comes from a newer console');
  if (version.data.version > SITE_FILE_VERSION)
    return refusal(
      file,
      '它是整个站点配置，请在“设置 → 站点配置”导入，或使用 hmtt import site',
      'it is a whole configuration: import it under Settings → Configuration, or with hmtt import site',
    );
  return readSiteMembers(file, value);
}

/** What the inventory reads of a site document: its members `hosts`, `components`, `links` and `jobs`, in an object with its head. */
export function readSiteMembers(file: string, value: unknown): Result<Listed> {
  const parsed = siteFileSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = issue?.path.join('.') ?? '';
    return refusal(
      file,
      `字段“${field}”：${issue?.message ?? ''}`,
      `field "${field}": ${issue?.message ?? ''}`,
    );
  }
  const { hosts, components, links, jobs } = parsed.data;
  const entries: ListedEntry[] = [
    ...hosts.map(
      ({ name, address, tier, labels, targets, ...card }): ListedEntry => ({
        line: null,
        kind: 'host',
        name,
        address,
        tier,
        labels,
        scrapes: targets,
        described: card,
        links: [],
      }),
    ),
    ...components.map(
      ({ name, tier, address, labels, host, target, ...card }): ListedEntry => ({
        line: null,
        kind: 'component',
        name,
        tier,
        address,
        labels,
        onHost: host,
        targetId: target,
        described: card,
        links: [],
      }),
    ),
    ...links.map(
      ({ from, to, protocol, dependsOn, note }, index): ListedEntry => ({
        line: null,
        kind: 'host',
        name: from,
        described: {},
        links: [{ to, protocol, dependsOn, note, field: `links.${index}` }],
        linksOnly: true,
      }),
    ),
  ];
  return ok({ entries, faults: [], ignoredColumns: [], jobs });
}

function refusal(file: string, zh: string, en: string, detail?: string): Result<never> {
  return err(appError('INVENTORY_FILE_INVALID', { file, zh, en }, detail === undefined ? {} : { detail }));
}
