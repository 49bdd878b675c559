import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Spool } from './spool.ts';

/** Senders that get a file and a source of their own; further ones share one, so that made-up names cannot fill the disk with files. */
const MAX_SENDERS = 500;
/** The host under which further senders are kept. */
const OTHER_SENDERS = 'other-senders';
const IDLE_CLOSE_MS = 10 * 60_000;

/** One sender as the receiver knows it. */
type Sender = {
  readonly host: string;
  readonly spool: Spool;
  address: string;
  messages: number;
  lastAt: number;
};

/** Names of devices, which Windows takes for nothing else, whatever stands behind a dot; and names that end with one. */
const NO_FOLDER = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)|\.$/i;

/** The folder of a sender's segments inside its receiver's. */
export function senderFolder(folder: string, host: string): string {
  const name = encodeURIComponent(host);
  return join(folder, NO_FOLDER.test(host) ? name.replace(/^./, escaped).replace(/\.$/, '%2E') : name);
}

function escaped(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
}

/** The hosts that have sent to a receiver, by the folders of their spools. */
export function hostsIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const hosts = readdirSync(folder).flatMap((name) => {
    try {
      return [decodeURIComponent(name)];
    } catch {
      // No name that a receiver made.
      return [];
    }
  });
  // A host is one source, also where folders of two spellings stand for it.
  return [...new Set(hosts)];
}

/** Keeps what each sender wrote in a spool of its own. */
export class Senders {
  readonly #folder: string;
  readonly #onNew: (host: string) => void;
  /** By the name in small letters: `WEB-1` is no other host than `web-1`, and on some systems no other folder. */
  readonly #senders = new Map<string, Sender>();

  /**
   * @param known hosts that have sent before this start
   * @param onNew hears of each host that sends for the first time
   */
  constructor(folder: string, known: readonly string[], onNew: (host: string) => void) {
    this.#folder = folder;
    this.#onNew = onNew;
    for (const host of known.slice(0, MAX_SENDERS))
      if (!this.#senders.has(host.toLowerCase())) this.#add(host);
  }

  /**
   * The sender of a message, by the name in it or the address it came from. A full house sends names to those addresses
   * that are known, and the rest to {@link OTHER_SENDERS}.
   */
  of(host: string, address: string): Sender {
    const known = this.#senders.get(host.toLowerCase());
    if (known !== undefined) return known;
    const name = this.#senders.size < MAX_SENDERS ? host : OTHER_SENDERS;
    const sender = this.#senders.get(name) ?? this.#add(name);
    sender.address = address;
    return sender;
  }

  #add(host: string): Sender {
    const sender = {
      host,
      spool: new Spool(senderFolder(this.#folder, host)),
      address: '',
      messages: 0,
      lastAt: 0,
    };
    this.#senders.set(host.toLowerCase(), sender);
    return sender;
  }

  /** Writes lines of one sender. Throws what the system says; nothing is counted then. */
  write(sender: Sender, address: string, lines: readonly Buffer[], nowMs: number): void {
    sender.spool.append(lines.length === 1 && lines[0] ? lines[0] : Buffer.concat(lines), nowMs);
    if (sender.messages === 0) this.#onNew(sender.host);
    sender.address = address;
    sender.messages += lines.length;
    sender.lastAt = nowMs;
  }

  /** Brings everything to the disk and closes what is silent. */
  keep(nowMs: number): void {
    for (const { spool } of this.#senders.values())
      if (nowMs - spool.usedAt > IDLE_CLOSE_MS) spool.close();
      else spool.sync();
  }

  close(): void {
    for (const { spool } of this.#senders.values()) spool.close();
  }

  get count(): number {
    return [...this.#senders.values()].filter(({ messages }) => messages > 0).length;
  }

  /** The most talkative ones. */
  top(limit: number): readonly { host: string; address: string; messages: number; lastAt: number | null }[] {
    return [...this.#senders.values()]
      .sort((a, b) => b.messages - a.messages)
      .slice(0, limit)
      .map(({ host, address, messages, lastAt }) => ({ host, address, messages, lastAt: lastAt || null }));
  }
}
