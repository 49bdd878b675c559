import type { CheckImport } from '#shared/contract/checks.ts';
import { ok, type Result } from '#shared/errors/index.ts';
import { splitCommand } from './command-line.ts';
import { list, nagiosError, type ResolvedObject, readObjects, resolveTemplates } from './nagios-objects.ts';
import type { WantedCheck } from './plan-import.ts';

type NotTaken = CheckImport['notTaken'][number];
/** What object files say, as checks of hosts. */
export type ReadChecks = { readonly checks: readonly WantedCheck[]; readonly notTaken: readonly NotTaken[] };

/** What `check_interval` counts in, unless nagios.cfg says otherwise. */
const INTERVAL_LENGTH_MS = 60_000;
const MOST_CHECKS = 50_000;
/** Nagios' own `service_check_timeout`. */
const TIMEOUT_MS = 60_000;
const NEEDED: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  contact: { zh: '联系人在“设置 → 联系人”中维护', en: 'contacts are kept under Settings → Contacts' },
  contactgroup: { zh: '联系人在“设置 → 联系人”中维护', en: 'contacts are kept under Settings → Contacts' },
  timeperiod: {
    zh: '检查始终运行；通知时段见“告警 → 通知”',
    en: 'checks always run; times of notices are set under Alerts → Notices',
  },
  servicegroup: { zh: '没有服务组；请用标签', en: 'there are no service groups; use labels' },
  hostdependency: { zh: '依赖关系在拓扑中维护', en: 'dependencies are kept in the topology' },
  servicedependency: { zh: '依赖关系在拓扑中维护', en: 'dependencies are kept in the topology' },
  hostescalation: { zh: '升级在“告警 → 通知”中设置', en: 'escalations are set under Alerts → Notices' },
  serviceescalation: { zh: '升级在“告警 → 通知”中设置', en: 'escalations are set under Alerts → Notices' },
  hostextinfo: { zh: '只用于显示', en: 'for display only' },
  serviceextinfo: { zh: '只用于显示', en: 'for display only' },
};

/**
 * Reads hosts, services and commands of Nagios object files as checks that run the same plugins with the same arguments.
 *
 * @param pluginFolder what `$USER1$` stands for
 * @returns CHECK_IMPORT_NAGIOS with the line when a file is broken: a syntax error, or a host, command or template that is nowhere
 */
export function importNagios(
  files: readonly { readonly name: string; readonly text: string }[],
  pluginFolder: string,
): Result<ReadChecks> {
  const objects = readObjects(files);
  if (!objects.ok) return objects;
  const resolved = resolveTemplates(objects.value);
  if (!resolved.ok) return resolved;
  const notTaken: NotTaken[] = [];
  const hosts = new Map<string, ResolvedObject>();
  const commands = new Map<string, string>();
  for (const object of resolved.value) {
    const { type, values, file, line } = object;
    if (type === 'host' || type === 'command') {
      const key = type === 'host' ? 'host_name' : 'command_name';
      const name = values.get(key);
      if (name === undefined) return nagiosError(file, line, `${key} is missing`);
      if (type === 'host') hosts.set(name, object);
      else {
        const text = values.get('command_line');
        if (text === undefined) return nagiosError(file, line, 'command_line is missing');
        commands.set(name, text);
      }
    } else if (type in NEEDED)
      notTaken.push({
        line,
        what: `${type} ${nameOf(object)}`.trim(),
        why: NEEDED[type] ?? { zh: '', en: '' },
      });
  }
  const groups = groupsOf(resolved.value, hosts);
  const checks: WantedCheck[] = [];

  const take = (object: ResolvedObject, host: ResolvedObject, name: string): Result<null> => {
    const call = object.values.get('check_command');
    if (call === undefined) return ok(null);
    const line = object.directives.get('check_command')?.line ?? object.line;
    const [command = '', ...args] = call.split(/(?<!\\)!/).map((part) => part.replace(/\\!/g, '!'));
    const template = commands.get(command);
    if (template === undefined) return nagiosError(object.file, line, `no command ${command}`);
    const filled = fillMacros(template, { args, host, service: object, name, pluginFolder });
    if (filled.unknown !== null) {
      const why = {
        zh: `宏 ${filled.unknown} 在这里没有值`,
        en: `macro ${filled.unknown} has no value here`,
      };
      notTaken.push({ line, what: `${hostName(host)}: ${name}`, why });
      return ok(null);
    }
    const split = splitCommand(filled.text);
    const program = 'words' in split ? split.words[0] : undefined;
    if (!('words' in split) || program === undefined || !program.startsWith('/')) {
      const part = 'needsShell' in split ? split.needsShell : (program ?? '');
      const why = {
        zh: `命令只能由 shell 运行（${part}）`,
        en: `only a shell can run this command (${part})`,
      };
      notTaken.push({ line, what: `${hostName(host)}: ${name}`, why });
      return ok(null);
    }
    const times = timesOf(object);
    if (!times.ok) return times;
    if (checks.length === MOST_CHECKS)
      return nagiosError(object.file, line, `more than ${MOST_CHECKS} checks`);
    const what = { kind: 'nagios' as const, file: program, args: split.words.slice(1) };
    checks.push({
      host: hostName(host),
      check: { name: name.slice(0, 200), what, ...times.value, timeoutMs: TIMEOUT_MS },
    });
    return ok(null);
  };

  for (const object of resolved.value) {
    if (object.type === 'host') {
      const taken = take(object, object, hostName(object));
      if (!taken.ok) return taken;
    }
    if (object.type !== 'service') continue;
    const { values, file, line } = object;
    const name = values.get('service_description');
    if (name === undefined) return nagiosError(file, line, 'service_description is missing');
    const members = membersOf(object, hosts, groups);
    if (!members.ok) return members;
    if (members.value.length === 0) return nagiosError(file, line, `service ${name} has no host`);
    if (!values.has('check_command')) return nagiosError(file, line, `service ${name} has no check_command`);
    for (const host of members.value) {
      const taken = take(object, host, name);
      if (!taken.ok) return taken;
    }
  }
  return ok({ checks, notTaken });
}

const hostName = (host: ResolvedObject): string => host.values.get('host_name') ?? '';

function nameOf({ type, values }: ResolvedObject): string {
  return values.get(`${type}_name`) ?? values.get('service_description') ?? values.get('host_name') ?? '';
}

function groupsOf(
  objects: readonly ResolvedObject[],
  hosts: ReadonlyMap<string, ResolvedObject>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const groups = new Map<string, Set<string>>();
  for (const { type, values } of objects)
    if (type === 'hostgroup')
      groups.set(values.get('hostgroup_name') ?? '', new Set(list(values.get('members') ?? '')));
  for (const [name, { values }] of hosts)
    for (const group of list(values.get('hostgroups') ?? '')) groups.get(group)?.add(name);
  return groups;
}

/** The hosts of a service: names, groups, `*` for all, `!` for all but this one. */
function membersOf(
  { values, file, line, directives }: ResolvedObject,
  hosts: ReadonlyMap<string, ResolvedObject>,
  groups: ReadonlyMap<string, ReadonlySet<string>>,
): Result<readonly ResolvedObject[]> {
  const names = new Set<string>();
  const without = new Set<string>();
  const add = (name: string): void => {
    if (name === '*') for (const host of hosts.keys()) names.add(host);
    else if (name.startsWith('!')) without.add(name.slice(1));
    else names.add(name);
  };
  for (const name of list(values.get('host_name') ?? '')) add(name);
  for (const group of list(values.get('hostgroup_name') ?? '')) {
    const members = groups.get(group.replace(/^!/, ''));
    if (members === undefined)
      return nagiosError(file, directives.get('hostgroup_name')?.line ?? line, `no hostgroup ${group}`);
    for (const name of members) add(group.startsWith('!') ? `!${name}` : name);
  }
  const found: ResolvedObject[] = [];
  for (const name of names) {
    if (without.has(name)) continue;
    const host = hosts.get(name);
    if (host === undefined)
      return nagiosError(file, directives.get('host_name')?.line ?? line, `no host ${name}`);
    found.push(host);
  }
  return ok(found);
}

function timesOf({ values, file, line, directives }: ResolvedObject) {
  const number = (names: readonly string[], fallback: number): number => {
    const name = names.find((one) => values.has(one));
    return name === undefined ? fallback : Number(values.get(name));
  };
  const interval = number(['check_interval', 'normal_check_interval'], 5);
  const retry = number(['retry_interval', 'retry_check_interval'], 1);
  const attempts = number(['max_check_attempts'], 3);
  for (const [name, value] of Object.entries({
    check_interval: interval,
    retry_interval: retry,
    max_check_attempts: attempts,
  }))
    if (!Number.isFinite(value) || value < 0)
      return nagiosError(file, directives.get(name)?.line ?? line, `${name} is no number`);
  const clamp = (ms: number, most: number): number => Math.min(Math.max(Math.round(ms), 1_000), most);
  return ok({
    enabled: values.get('active_checks_enabled') !== '0' && interval > 0,
    intervalMs: clamp(interval * INTERVAL_LENGTH_MS, 86_400_000),
    retryAfterMs: clamp(retry * INTERVAL_LENGTH_MS, 3_600_000),
    retries: Math.min(Math.max(attempts - 1, 0), 20),
  });
}

/** Fills the macros of a command line in; names the first one that nobody knows. */
function fillMacros(
  template: string,
  given: {
    readonly args: readonly string[];
    readonly host: ResolvedObject;
    readonly service: ResolvedObject;
    readonly name: string;
    readonly pluginFolder: string;
  },
): { readonly text: string; readonly unknown: string | null } {
  const { host, service } = given;
  let unknown: string | null = null;
  const valueOfMacro = (macro: string, depth: number): string => {
    const [, number] = /^ARG(\d+)$/.exec(macro) ?? [];
    // An argument may have macros of its own.
    if (number !== undefined) return depth > 3 ? '' : fill(given.args[Number(number) - 1] ?? '', depth + 1);
    const custom = /^_(HOST|SERVICE)(\w+)$/.exec(macro);
    const values: Readonly<Record<string, string | undefined>> = {
      USER1: given.pluginFolder,
      HOSTNAME: hostName(host),
      HOSTADDRESS: host.values.get('address') ?? hostName(host),
      HOSTALIAS: host.values.get('alias') ?? hostName(host),
      HOSTDISPLAYNAME: host.values.get('display_name') ?? hostName(host),
      SERVICEDESC: given.name,
    };
    const customValue =
      custom === null
        ? undefined
        : [...(custom[1] === 'HOST' ? host : service).values].find(
            ([key]) => key.toUpperCase() === `_${custom[2]?.toUpperCase()}`,
          )?.[1];
    const value = values[macro] ?? customValue;
    if (value === undefined) unknown ??= `$${macro}$`;
    return value ?? '';
  };
  const fill = (text: string, depth: number): string =>
    text.replace(/\$(\w*)\$/g, (_, macro: string) => (macro === '' ? '$' : valueOfMacro(macro, depth)));
  const text = fill(template, 0);
  return { text, unknown };
}
