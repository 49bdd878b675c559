import { describe, expect, test } from 'vitest';
import { chooseValues, variableValue } from '#shared/domain/dashboard/choose.ts';
import { interpolateExpression, type Scope } from '#shared/domain/dashboard/interpolate.ts';
import { settle } from '#shared/domain/dashboard/layout.ts';
import { panelsOf } from '#shared/domain/dashboard/model.ts';
import { isAsking } from '#shared/domain/dashboard/panels.ts';
import { isKnownUnit } from '#shared/units/display.ts';
import { builtInDashboards } from '../../../main/engine/dashboards/built-in/index.ts';
import { parseQuery } from '../../../shared/domain/log-query/parser.ts';
import { expressionFault } from '../../helpers/dashboards.ts';

describe.each(builtInDashboards().map((board) => [board.uid, board] as const))('%s', (_uid, board) => {
  const options = [{ text: 'a-1:9100', value: 'a-1:9100' }];
  const scope: Scope = {
    variables: new Map(
      board.variables.map((each) => [
        each.name,
        variableValue(each, options, chooseValues(each, options, undefined), 3_600_000, 'zh'),
      ]),
    ),
    from: 0,
    to: 3_600_000,
    stepMs: 15_000,
    scrapeMs: 15_000,
    dashboard: '',
  };

  test('every expression is PromQL, whatever is chosen', () => {
    for (const panel of panelsOf(board)) {
      if (!isAsking(panel)) continue;
      expect(panel.targets.length, JSON.stringify(panel.title)).toBeGreaterThan(0);
      for (const { expr } of panel.targets)
        expect(expressionFault(interpolateExpression(expr, scope)), expr).toBeNull();
    }
  });

  test('variables that are referred to exist, and those of queries are selectors', () => {
    const known = new Set(board.variables.map(({ name }) => name));
    for (const panel of panelsOf(board)) {
      const texts = isAsking(panel)
        ? panel.targets.map(({ expr }) => expr)
        : panel.kind === 'logs'
          ? [panel.query]
          : [];
      const references = texts.flatMap((text) => [...text.matchAll(/\$\{?(\w+)/g)]);
      for (const [, name = ''] of references)
        expect(name.startsWith('__') || known.has(name), name).toBe(true);
    }
    for (const variable of board.variables)
      if (variable.kind === 'query' && variable.source.of === 'labelValues')
        expect(expressionFault(variable.source.selector)).toBeNull();
  });

  test('titles in both languages, units that are known, panels beside each other', () => {
    expect(typeof board.title).toBe('object');
    for (const row of board.rows) expect(settle(row.panels)).toEqual(row.panels);
    for (const panel of panelsOf(board)) {
      expect(typeof panel.title, JSON.stringify(panel.title)).toBe('object');
      if (isAsking(panel)) expect(isKnownUnit(panel.field.unit), panel.field.unit).toBe(true);
      if (panel.kind === 'logs')
        expect(parseQuery(panel.query.replace('$host', 'app-1:9100')).ok, panel.query).toBe(true);
    }
  });
});
