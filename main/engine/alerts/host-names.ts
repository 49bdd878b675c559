import type { Host, Target } from '#shared/contract/hosts.ts';
import type { Bilingual } from '#shared/errors/index.ts';

/** The host that a scraped `instance` belongs to; undefined when the inventory does not know it. */
export type HostOfInstance = (instance: string) => Host | undefined;

/** An address without its port and without the brackets of IPv6. */
export function hostPart(instance: string): string {
  return /^\[(.*)\](?::\d+)?$/.exec(instance)?.[1] ?? instance.replace(/^([^:]*):\d+$/, '$1');
}

/**
 * Which host each target's `instance` belongs to; an address that is scraped without being a target's is taken by its host part. What
 * belongs to several hosts, such as an address that they share, belongs to none: their ports tell them apart.
 */
export function hostsByInstance(hosts: readonly Host[], targets: readonly Target[]): HostOfInstance {
  const byId = new Map(hosts.map((host) => [host.id, host]));
  const byHost = onlyOwners(
    hosts.flatMap((host) => [hostPart(host.address), host.name].map((text) => [text, host] as const)),
  );
  const byTarget = onlyOwners(
    targets.flatMap(({ hostId, config }) => {
      const host = byId.get(hostId);
      return host === undefined
        ? []
        : [config.address, config.labels.instance ?? ''].map((text) => [text, host] as const);
    }),
  );
  return (instance) => {
    // What targets say goes before what hosts say.
    for (const [known, text] of [
      [byTarget, instance],
      [byTarget, hostPart(instance)],
      [byHost, hostPart(instance)],
    ] as const)
      if (known.has(text)) return known.get(text) ?? undefined;
    return undefined;
  };
}

/** Whose a text is; null: that of several hosts. */
function onlyOwners(claims: readonly (readonly [string, Host])[]): ReadonlyMap<string, Host | null> {
  const owners = new Map<string, Host | null>();
  for (const [text, host] of claims)
    if (text !== '') owners.set(text, !owners.has(text) || owners.get(text) === host ? host : null);
  return owners;
}

/** A host as people call it, with its address behind it: `app-1 (10.0.0.5:9100)`. */
export function nameWithAddress(name: string, address: string): Bilingual {
  if (namesHost(address, name)) return { zh: name, en: name };
  return { zh: `${name}（${address}）`, en: `${name} (${address})` };
}

/**
 * Puts the host's name before the address in a sentence that a rule's author wrote with the address alone. A sentence that names the
 * host already stays as it is; one that names neither begins with the host.
 */
export function withHostName(sentence: Bilingual, name: string, instance: string): Bilingual {
  const both = nameWithAddress(name, instance);
  return {
    zh: named(sentence.zh, name, instance, both.zh, '：'),
    en: named(sentence.en, name, instance, both.en, ': '),
  };
}

function named(sentence: string, name: string, instance: string, both: string, colon: string): string {
  if (wordAt(sentence, name) !== -1) return sentence;
  const at = wordAt(sentence, instance);
  if (at === -1) return `${both}${colon}${sentence}`;
  const rest = sentence.slice(at + instance.length);
  // A bracket of Chinese type is as wide as the space that stood behind the address.
  return sentence.slice(0, at) + both + (both.endsWith('）') ? rest.trimStart() : rest);
}

/** Whether an address says the name itself, as `app-1:9100` does. */
const namesHost = (address: string, name: string): boolean =>
  address === name || address.startsWith(`${name}:`);

/** What an address or a name may go on with; a part of a longer one is none. */
const PART = /[A-Za-z0-9_.:-]/;

/** Where a name or an address stands in a sentence by itself; -1: nowhere. A port, or the end of a sentence, may follow. */
function wordAt(sentence: string, word: string): number {
  for (let at = sentence.indexOf(word); at !== -1; at = sentence.indexOf(word, at + 1)) {
    const before = sentence.charAt(at - 1);
    const after = sentence.slice(at + word.length, at + word.length + 2);
    const goesOn =
      PART.test(after.charAt(0)) && !/^[.:](?:$|[^A-Za-z0-9])/.test(after) && !/^:\d/.test(after);
    if (!PART.test(before) && !goesOn) return at;
  }
  return -1;
}
