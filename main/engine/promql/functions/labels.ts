import type { RE2JS } from 're2js';
import { labelsWith, labelValue } from '#shared/domain/labels.ts';
import { evaluationFails } from '../failure.ts';
import { compileRegex } from '../regex.ts';
import { type Column, mergeEqual, relabelled } from '../values.ts';
import { stringArg, vectorArg } from './arguments.ts';
import type { WholeFunction } from './whole.ts';

const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

const REFERENCE = /\$(?:\$|([\p{L}\p{Nd}_]+)|\{([\p{L}\p{Nd}_]+)\})/gu;

type Groups = {
  readonly numbered: readonly string[];
  readonly named: Readonly<Record<string, string>>;
};

/** Puts the groups of a match in place of `$1`, `${1}`, `$name`; `$$` is a dollar. As Go's Regexp.Expand. */
function expandTemplate(template: string, groups: Groups): string {
  return template.replace(REFERENCE, (whole, bare?: string, braced?: string) => {
    if (whole === '$$') return '$';
    const name = bare ?? braced ?? '';
    if (/^(?:0|[1-9]\d*)$/.test(name)) return groups.numbered[Number(name)] ?? '';
    return Object.hasOwn(groups.named, name) ? (groups.named[name] ?? '') : '';
  });
}

function compile(pattern: string): RE2JS {
  const compiled = compileRegex(pattern);
  if ('wrong' in compiled) return evaluationFails('BAD_REGEX', { text: compiled.wrong });
  return compiled;
}

const labelReplace: WholeFunction = function* (_call, args) {
  const target = stringArg(args, 1);
  const template = stringArg(args, 2);
  const source = stringArg(args, 3);
  const pattern = compile(stringArg(args, 4));
  if (!LABEL_NAME.test(target)) evaluationFails('NOT_A_LABEL', { where: 'label_replace()', text: target });
  const names = Object.keys(pattern.namedGroups());
  const columns: Column[] = [];
  for (const column of vectorArg(args, 0)) {
    yield;
    const matcher = pattern.matcher(labelValue(column.labels, source));
    if (!matcher.matches()) {
      columns.push(column);
      continue;
    }
    const numbered = Array.from({ length: matcher.groupCount() + 1 }, (_, i) => matcher.group(i) ?? '');
    const named: Record<string, string> = {};
    for (const name of names) named[name] = matcher.group(name) ?? '';
    const replaced = expandTemplate(template, { numbered, named });
    columns.push(relabelled(column, labelsWith(column.labels, target, replaced)));
  }
  return { type: 'vector', columns: yield* mergeEqual(columns) };
};

const labelJoin: WholeFunction = function* (_call, args) {
  const target = stringArg(args, 1);
  const separator = stringArg(args, 2);
  const sources = args.slice(3).map((_, i) => stringArg(args, i + 3));
  if (!LABEL_NAME.test(target)) evaluationFails('NOT_A_LABEL', { where: 'label_join()', text: target });
  for (const source of sources)
    if (!LABEL_NAME.test(source)) evaluationFails('NOT_A_LABEL', { where: 'label_join()', text: source });
  const columns: Column[] = [];
  for (const column of vectorArg(args, 0)) {
    yield;
    const joined = sources.map((source) => labelValue(column.labels, source)).join(separator);
    columns.push(relabelled(column, labelsWith(column.labels, target, joined)));
  }
  return { type: 'vector', columns: yield* mergeEqual(columns) };
};

/** Functions that change labels. */
export const labelFunctions: Readonly<Record<string, WholeFunction>> = {
  label_replace: labelReplace,
  label_join: labelJoin,
};
