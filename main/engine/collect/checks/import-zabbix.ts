import * as z from 'zod';
import type { CheckImport } from '#shared/contract/checks.ts';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import type { WantedCheck } from './plan-import.ts';
import { ruleFile, triggerRule, type ZabbixRule } from './zabbix-triggers.ts';

type NotTaken = CheckImport['notTaken'][number];

/** What a template export says, as checks of one host and rules. */
export type ReadTemplates = {
  readonly checks: readonly WantedCheck[];
  /** A rule file of Prometheus, or '' without rules. */
  readonly rules: string;
  readonly notTaken: readonly NotTaken[];
};

const text = z.coerce.string().max(10_000);
const trigger = z.object({ expression: text, name: text, priority: text.default('NOT_CLASSIFIED') });
const item = z.object({
  name: text.default(''),
  type: text.default('ZABBIX_PASSIVE'),
  key: text,
  delay: text.default('1m'),
  status: text.default('ENABLED'),
  value_type: text.default('UNSIGNED'),
  preprocessing: z.array(z.object({ type: text })).default([]),
  triggers: z.array(trigger).default([]),
});
const exportSchema = z.object({
  zabbix_export: z.object({
    version: text,
    templates: z
      .array(
        z.object({
          template: text,
          items: z.array(item).default([]),
          discovery_rules: z
            .array(
              z.object({
                name: text.default(''),
                type: text.default('ZABBIX_PASSIVE'),
                key: text,
                delay: text.default('1m'),
                filter: z.unknown().optional(),
                item_prototypes: z.array(item).default([]),
                trigger_prototypes: z.array(trigger).default([]),
              }),
            )
            .default([]),
          macros: z.array(z.object({ macro: text, value: text.default('') })).default([]),
        }),
      )
      .max(200)
      .default([]),
    triggers: z.array(trigger).default([]),
  }),
});
type Item = z.output<typeof item>;
type Path = readonly (string | number)[];

const DEFAULT_DELAY_MS = 60_000;
const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };

/** Reads `30s`, `1m`, `90`; flexible intervals behind a semicolon are left out. */
function delayMs(delay: string): number | null {
  const [, amount, unit = 's'] = /^(\d+)([smhdw]?)(?:;.*)?$/.exec(delay) ?? [];
  if (amount === undefined) return null;
  return Number(amount) * (UNITS[unit === '' ? 's' : unit] ?? 1) * 1_000;
}

/**
 * Reads a template export of Zabbix 5.4 and later (YAML): passive items and discovery rules become checks, one for each interval,
 * simple triggers become rules. Everything else is named.
 *
 * @returns CHECK_IMPORT_ZABBIX with the line when the file is broken
 */
export async function importZabbix(
  fileName: string,
  source: string,
  host: { readonly name: string },
  agent: { readonly host: string; readonly port: number },
): Promise<Result<ReadTemplates>> {
  const { LineCounter, isNode, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const shown = fileName.replace(/^.*[\\/]/, '');
  const refuse = (line: number, why: string) =>
    err(appError('CHECK_IMPORT_ZABBIX', { file: shown, line, why }, { line }));
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  const [broken] = document.errors;
  if (broken !== undefined) return refuse(lines.linePos(broken.pos[0]).line, broken.message);
  const lineOf = (path: Path): number => {
    for (let length = path.length; length > 0; length -= 1) {
      const node: unknown = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return 1;
  };
  let content: unknown;
  try {
    // Few aliases: a small file must not become a large one.
    content = document.toJS({ maxAliasCount: 100 });
  } catch (thrown) {
    return refuse(1, describeThrown(thrown));
  }
  const parsed = exportSchema.safeParse(content);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = (issue?.path ?? []).map((part) => (typeof part === 'number' ? part : String(part)));
    return refuse(lineOf(path), `${path.join('.')}: ${issue?.message ?? ''}`);
  }
  const found: ReadTemplates & { readonly notTaken: NotTaken[] } = { checks: [], rules: '', notTaken: [] };
  const { templates, triggers } = parsed.data.zabbix_export;
  if (templates.length === 0) return refuse(1, 'zabbix_export has no templates');
  const checks: WantedCheck[] = [];
  const rules: ZabbixRule[] = [];
  const leave = (path: Path, what: string, zh: string, en: string): void => {
    found.notTaken.push({ line: lineOf(path), what, why: { zh, en } });
  };

  /** Whether an item can be asked; if not, it is named. */
  const isTaken = (one: Item, path: Path): boolean => {
    const { type, key, status, preprocessing } = one;
    if (status === 'DISABLED') return false;
    if (type !== 'ZABBIX_PASSIVE') {
      leave(path, key, `类型 ${type} 不是被动检查`, `type ${type} is no passive check`);
      return false;
    }
    if (preprocessing.length > 0) {
      const steps = preprocessing.map((step) => step.type).join(', ');
      leave(
        path,
        key,
        `已取原始值；预处理 ${steps} 不做`,
        `the raw value is taken; preprocessing ${steps} is not done`,
      );
    }
    return true;
  };

  for (const [t, template] of templates.entries()) {
    const at: Path = ['zabbix_export', 'templates', t];
    const macros = new Map(template.macros.map(({ macro, value }) => [macro, value]));
    const fill = (key: string): string => key.replace(/\{\$[^}]+\}/g, (macro) => macros.get(macro) ?? macro);
    const groups = new Map<number, { items: string[]; discover: { key: string; items: string[] }[] }>();
    const groupOf = (delay: string, path: Path) => {
      const ms = delayMs(fill(delay));
      if (ms === null)
        leave(path, delay, '间隔看不懂，改用 1 分钟', 'this interval is not known; 1 minute is taken');
      const interval = Math.min(Math.max(ms ?? DEFAULT_DELAY_MS, 1_000), 86_400_000);
      const group = groups.get(interval) ?? { items: [], discover: [] };
      groups.set(interval, group);
      return group;
    };
    const takeTrigger = (one: z.output<typeof trigger>, path: Path): void => {
      const rule = triggerRule(one, fill, host.name);
      if (typeof rule === 'string')
        leave(path, one.name, `触发器太复杂：${rule}`, `the trigger is not simple: ${rule}`);
      else rules.push(rule);
    };
    for (const [i, one] of template.items.entries()) {
      const path = [...at, 'items', i];
      if (!isTaken(one, path)) continue;
      groupOf(one.delay, path).items.push(fill(one.key));
      for (const [n, each] of one.triggers.entries()) takeTrigger(each, [...path, 'triggers', n]);
    }
    for (const [r, rule] of template.discovery_rules.entries()) {
      const path = [...at, 'discovery_rules', r];
      if (rule.type !== 'ZABBIX_PASSIVE') {
        leave(path, rule.key, `类型 ${rule.type} 不是被动检查`, `type ${rule.type} is no passive check`);
        continue;
      }
      if (rule.filter !== undefined)
        leave(
          path,
          rule.key,
          '过滤条件不做：发现的全部都取',
          'its filter is not applied: all that is found is taken',
        );
      const items = rule.item_prototypes.filter((one, p) => isTaken(one, [...path, 'item_prototypes', p]));
      // Prototypes of one rule have intervals of their own; the shortest serves all.
      const first = items
        .map(({ delay }) => delay)
        .sort((a, b) => (delayMs(fill(a)) ?? 0) - (delayMs(fill(b)) ?? 0))[0];
      if (first !== undefined)
        groupOf(first, path).discover.push({ key: fill(rule.key), items: items.map(({ key }) => fill(key)) });
      for (const [n, one] of rule.trigger_prototypes.entries())
        leave(
          [...path, 'trigger_prototypes', n],
          one.name,
          '触发器原型不取',
          'trigger prototypes are not taken',
        );
    }
    for (const [intervalMs, { items, discover }] of groups) {
      const seconds = intervalMs / 1_000;
      checks.push({
        host: host.name,
        check: {
          name: `${template.template} (${seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`})`.slice(
            0,
            200,
          ),
          what: {
            kind: 'zabbix',
            ...agent,
            items: [...new Set(items)].slice(0, 500),
            discover: discover.slice(0, 20),
          },
          intervalMs,
          timeoutMs: Math.min(Math.max(intervalMs / 2, 3_000), 30_000),
        },
      });
    }
    if (t === 0)
      for (const [n, one] of triggers.entries()) takeTrigger(one, ['zabbix_export', 'triggers', n]);
  }
  return ok({ checks, rules: ruleFile(rules, parsed.data.zabbix_export.version), notTaken: found.notTaken });
}
