import * as z from 'zod';
import { relabelRuleSchema } from '#shared/contract/hosts.ts';
import type { DocumentNote } from '#shared/contract/site-document.ts';
import { loginFiles, newReach, type Reach } from '../../platform/site-reach.ts';
import { canonical } from './canonical.ts';
import { inventoryKey } from './export.ts';

/** What of an entry counts here. Whatever is of another shape is a fault that the inventory names. */
const login = {
  basicAuth: z.object({ passwordFile: z.string().optional() }).optional(),
  bearerTokenFile: z.string().optional(),
  tls: z.object({ keyFile: z.string().optional() }).optional(),
};
const hostSchema = z.object({ targets: z.array(z.object({ address: z.string(), ...login })) });
const jobSchema = z.object({
  settings: z.object(login),
  listed: z
    .array(z.object({ targets: z.array(z.string()), labels: z.record(z.string(), z.string()).default({}) }))
    .default([]),
  discovery: z.array(z.object({ files: z.array(z.string()) })).default([]),
  relabel: z.array(relabelRuleSchema).default([]),
});

type Kept = ReadonlyMap<string, readonly { readonly key: string; readonly body: object }[]>;

/**
 * Files that scrapes of a document read logins from, where they are not read for the same targets already.
 *
 * @param members of the document, as they came
 * @param kept what this console has
 */
export function inventoryReach(members: ReadonlyMap<string, unknown>, kept: Kept): DocumentNote[] {
  return (['hosts', 'jobs'] as const).flatMap((member) => {
    const before = new Map((kept.get(member) ?? []).map(({ key, body }) => [key, body]));
    const entries = members.get(member);
    return (Array.isArray(entries) ? entries : []).flatMap((entry: unknown, index) => {
      const after = reachOf(entry);
      if (after === null || typeof entry !== 'object' || entry === null) return [];
      const known = reachOf(before.get(inventoryKey(member, entry)));
      return newReach(after, known).map((message) => ({ path: `${member}.${index}`, message }));
    });
  });
}

function reachOf(entry: unknown): Reach | null {
  const host = hostSchema.safeParse(entry);
  if (host.success)
    return {
      sendsTo: [],
      loginFiles: host.data.targets.flatMap((target) => loginFiles(target.address, target)),
    };
  const job = jobSchema.safeParse(entry);
  if (!job.success) return null;
  const { settings, listed, discovery, relabel } = job.data;
  const targets = [
    ...listed.flatMap((group) => group.targets),
    ...discovery.flatMap(({ files }) => files),
    // Rules can send a target's login to another address than the listed one.
    ...relabel.flatMap((rule) => (rule.targetLabel === '__address__' ? [`→ ${rule.replacement}`] : [])),
  ];
  // They do so in many ways, such as with a label as the address, or a target label that is a template.
  const by = relabel.length === 0 ? '' : canonical([relabel, listed.map(({ labels }) => labels)]);
  return { sendsTo: [], loginFiles: loginFiles(targets.join(' '), settings, by) };
}
