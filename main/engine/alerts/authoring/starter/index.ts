import type { Bilingual } from '#shared/errors/index.ts';
import { type DraftGroup, ruleFileText, ruleText } from '../rule-text.ts';
import type { StarterDefinition, StarterGroup } from './define.ts';
import { diskRules } from './disk.ts';
import { hostRules } from './host.ts';
import { serviceRules } from './services.ts';
import { systemRules } from './system.ts';

/**
 * The rules that every console has from its first minute.
 *
 * What the console knows by itself is not among them, because it would be told twice: hosts and targets that do not answer,
 * full disks, its own disk, log sources, backups, drills and the time in which nobody watched are built-in conditions. They know
 * the inventory and the plans, and they see also where no series is.
 */
export const starterGroups: readonly StarterGroup[] = [hostRules, diskRules, systemRules, serviceRules];

/** What the operator chose for a rule; whatever is not named is as the console brings it. */
export type StarterChoice = {
  readonly enabled: boolean;
  readonly values: Readonly<Record<string, number>>;
};

/** Choices by name of the rule. */
export type StarterChoices = ReadonlyMap<string, StarterChoice>;

/** Names of files of the starter set begin so. */
const STARTER_PREFIX = 'starter/';

/** Whether a file belongs to the starter set. */
export function isStarterFile(name: string): boolean {
  return name.startsWith(STARTER_PREFIX);
}

const titles = new Map(starterGroups.flatMap(({ rules }) => rules.map(({ name, title }) => [name, title])));

/** What a rule of the starter set looks for, in words; undefined for rules of any other file. */
export function starterTitle(file: string, rule: string): Bilingual | undefined {
  return isStarterFile(file) ? titles.get(rule) : undefined;
}

/** Thresholds in force, by name. */
export function valuesOf(rule: StarterDefinition, choice: StarterChoice | undefined): Record<string, number> {
  return Object.fromEntries(rule.values.map(({ name, initial }) => [name, choice?.values[name] ?? initial]));
}

/** A rule with its thresholds filled in. */
export function starterRule(
  rule: StarterDefinition,
  choice: StarterChoice | undefined,
): Extract<DraftGroup['rules'][number], { kind: 'alerting' }> {
  return {
    kind: 'alerting',
    name: rule.name,
    expr: rule.expr(valuesOf(rule, choice)),
    forMs: rule.forMs,
    keepFiringForMs: 0,
    labels: [['severity', rule.severity]],
    annotations: [
      ['summary_zh', rule.summary.zh],
      ['summary_en', rule.summary.en],
      ['description_zh', rule.advice.zh],
      ['description_en', rule.advice.en],
    ],
  };
}

/** A rule as its file has it when nobody changed it; what an update changed is told by comparing these. */
export function broughtText(rule: StarterDefinition): string {
  return ruleText(starterRule(rule, undefined));
}

/** The rule files of the starter set; a group of which every rule is switched off is left out. */
export function starterFiles(
  choices: StarterChoices,
): readonly { readonly name: string; readonly text: string }[] {
  return starterGroups.flatMap(({ name, intervalMs, rules }) => {
    const kept = rules.filter((rule) => choices.get(rule.name)?.enabled !== false);
    if (kept.length === 0) return [];
    const drafts = kept.map((rule) => starterRule(rule, choices.get(rule.name)));
    return [
      { name: `${STARTER_PREFIX}${name}.yml`, text: ruleFileText([{ name, intervalMs, rules: drafts }]) },
    ];
  });
}
