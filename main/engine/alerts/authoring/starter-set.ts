import type { StarterRule } from '#shared/contract/rules-authoring.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { StarterChoice, StarterChoices } from './starter/index.ts';
import { broughtText, starterGroups, starterRule, valuesOf } from './starter/index.ts';

const all = starterGroups.flatMap(({ name, rules }) => rules.map((rule) => ({ group: name, rule })));

/** Every rule of the set as it is brought, for telling later what an update changed. */
export function broughtTexts(): readonly (readonly [name: string, text: string])[] {
  return all.map(({ rule }) => [rule.name, broughtText(rule)] as const);
}

/** The starter set with the operator's choices, and what an update of the console did to it since somebody looked. */
export function describeStarterSet(
  choices: StarterChoices,
  seen: ReadonlyMap<string, string>,
): { readonly rules: StarterRule[]; readonly removed: { readonly name: string; readonly before: string }[] } {
  const rules = all.map(({ group, rule }): StarterRule => {
    const choice = choices.get(rule.name);
    const values = valuesOf(rule, choice);
    return {
      name: rule.name,
      group,
      title: rule.title,
      advice: rule.advice,
      severity: rule.severity,
      enabled: choice?.enabled ?? true,
      values: rule.values.map((value) => ({ ...value, value: values[value.name] ?? value.initial })),
      expr: starterRule(rule, choice).expr,
      forMs: rule.forMs,
      change: changeOf(broughtText(rule), seen.get(rule.name) ?? null),
    };
  });
  const names = new Set(rules.map(({ name }) => name));
  const removed = [...seen].flatMap(([name, before]) => (names.has(name) ? [] : [{ name, before }]));
  return { rules, removed };
}

function changeOf(after: string, before: string | null): StarterRule['change'] {
  if (before === null) return { kind: 'new', before, after };
  return before === after ? null : { kind: 'changed', before, after };
}

/** A choice after the operator changed it; refused whole when a threshold does not exist or is out of its bounds. */
export function changeChoice(
  name: string,
  before: StarterChoice | undefined,
  change: {
    readonly enabled?: boolean | undefined;
    readonly values?: Readonly<Record<string, number | null>> | undefined;
  },
): Result<StarterChoice> {
  const found = all.find(({ rule }) => rule.name === name);
  if (found === undefined) return err(appError('NOT_FOUND', { what: 'starter rule', id: name }));
  const values = { ...before?.values };
  for (const [key, value] of Object.entries(change.values ?? {})) {
    const known = found.rule.values.find((each) => each.name === key);
    const bounds = known === undefined ? key : `${known.least} – ${known.most}`;
    if (known === undefined || (value !== null && !(value >= known.least && value <= known.most)))
      return err(appError('STARTER_VALUE_REFUSED', { rule: name, value: value ?? '', why: bounds }));
    if (value === null) delete values[key];
    else values[key] = value;
  }
  return ok({ enabled: change.enabled ?? before?.enabled ?? true, values });
}
