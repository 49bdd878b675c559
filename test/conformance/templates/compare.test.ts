import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  expandRuleTemplate,
  parseRuleTemplate,
  type TemplateSample,
} from '../../../main/engine/alerts/template/expand.ts';
import { TemplateFault } from '../../../main/engine/alerts/template/fault.ts';
import { unquoteGo } from '../../../main/engine/alerts/template/quoting.ts';
import { type CaseSample, REFUSED, SAMPLES, TEMPLATES } from './cases.ts';

/**
 * Debian's promtool fills the same templates and refuses the same ones, in the same words.
 */
const MANY = [
  { labels: { __name__: 'many', n: 'a' }, value: 1.5 },
  { labels: { __name__: 'many', n: 'b' }, value: 20 },
  { labels: { __name__: 'many', n: 'c' }, value: 3000 },
];
const EXTERNAL = { site: 'east', two: '2' };
const URL = 'http://console.example:9090/prefix';

const sampleOf = (index: number): CaseSample => SAMPLES[index % SAMPLES.length] ?? { labels: {}, value: '0' };
const numberOf = (value: string): number => (value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value));
const yaml = (text: string): string => JSON.stringify(text);

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'hmtt-templates-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function promtool(...args: string[]): string {
  const run = spawnSync('promtool', args, { cwd: dir, encoding: 'utf8', maxBuffer: 64 << 20 });
  if (run.error !== undefined)
    throw new Error(`promtool is needed by this test: apt-get install prometheus (${run.error.message})`);
  return run.stdout + run.stderr;
}

/** What promtool makes of each template, by its number. */
function theirs(): ReadonlyMap<number, string> {
  const rules = TEMPLATES.map((template, n) => {
    const { labels } = sampleOf(n);
    return `  - alert: T${n}\n    expr: case{case="${Object.keys(labels).length}-${labels.job}"}\n    annotations: {text: ${yaml(template)}}\n`;
  });
  writeFileSync(join(dir, 'rules.yml'), `groups:\n- name: g\n  rules:\n${rules.join('')}`);
  const series = SAMPLES.map(({ labels, value }) => {
    const all = Object.entries({ ...labels, case: `${Object.keys(labels).length}-${labels.job}` });
    return `  - {series: ${yaml(`case{${all.map(([name, text]) => `${name}=${JSON.stringify(text)}`).join(',')}}`)}, values: '${value === '+Inf' ? 'Inf' : value} ${value === '+Inf' ? 'Inf' : value}'}\n`;
  });
  const many = MANY.map(
    ({ labels, value }) => `  - {series: 'many{n="${labels.n}"}', values: '${value} ${value}'}\n`,
  );
  const asked = TEMPLATES.map(
    (_, n) => `  - {eval_time: 1m, alertname: T${n}, exp_alerts: [{exp_labels: {never: "so"}}]}\n`,
  );
  const external = JSON.stringify(EXTERNAL);
  writeFileSync(
    join(dir, 'tests.yml'),
    `rule_files: [rules.yml]\nevaluation_interval: 1m\ntests:\n- interval: 1m\n  external_labels: ${external}\n  external_url: ${URL}\n  input_series:\n${series.join('')}${many.join('')}  alert_rule_test:\n${asked.join('')}`,
  );
  const found = new Map<number, string>();
  const pattern =
    /alertname: T(\d+), time[\s\S]*?got:\[\s*0:\s*Labels:\{.*\}\s*Annotations:\{text=("(?:[^"\\]|\\.)*")\}/g;
  for (const [, n = '', text = ''] of promtool('test', 'rules', 'tests.yml').matchAll(pattern))
    found.set(Number(n), unquoteGo(text) ?? text);
  return found;
}

/** Answers of the few queries that the templates ask. */
async function query(expression: string): Promise<readonly TemplateSample[]> {
  const bare = MANY.map(({ labels, value }) => ({ labels: { n: labels.n }, value }));
  switch (expression) {
    case 'nothing':
      return [];
    case 'many':
    case 'sort(many)':
      return MANY;
    case 'sort_desc(many)':
      return MANY.toReversed();
    case 'many{n="a"}':
      return MANY.slice(0, 1);
    case 'many{n="c"}':
      return MANY.slice(2);
    case 'sum(many)':
      return [{ labels: {}, value: bare.reduce((sum, { value }) => sum + value, 0) }];
    case 'count_values("__value__", many)':
      return bare.map(({ value }) => ({ labels: { __value__: String(value) }, value: 1 }));
    case 'many(':
      throw new TemplateFault('1:6: parse error: unclosed left parenthesis');
    default:
      throw new Error(`no answer for ${expression}`);
  }
}

async function ours(n: number): Promise<string> {
  const { labels, value } = sampleOf(n);
  const template = parseRuleTemplate(`T${n}`, TEMPLATES[n] ?? '');
  if ('wrong' in template) return `refused: ${template.wrong}`;
  return expandRuleTemplate(
    template,
    {
      labels: { ...labels, case: `${Object.keys(labels).length}-${labels.job}`, __name__: 'case' },
      externalLabels: EXTERNAL,
      externalUrl: URL,
      value: numberOf(value),
    },
    query,
  );
}

describe('templates of rules', () => {
  it(`are filled as promtool fills them, errors included: ${TEMPLATES.length}`, async () => {
    const expected = theirs();
    expect(expected.size).toBe(TEMPLATES.length);
    const differing: unknown[] = [];
    for (const [n, template] of TEMPLATES.entries()) {
      const got = await ours(n);
      if (got !== expected.get(n)) differing.push({ template, got, expected: expected.get(n) });
    }
    expect(differing).toEqual([]);
  });

  it(`are refused as promtool refuses them, in the same words: ${REFUSED.length}`, () => {
    const rules = REFUSED.map(
      (template, n) => `  - alert: R${n}\n    expr: up\n    annotations: {text: ${yaml(template)}}\n`,
    );
    writeFileSync(join(dir, 'refused.yml'), `groups:\n- name: g\n  rules:\n${rules.join('')}`);
    const said = new Map<number, string>();
    for (const [, n = '', message = ''] of promtool('check', 'rules', 'refused.yml').matchAll(
      /"R(\d+)": annotation "text": (.*)/g,
    ))
      said.set(Number(n), message);
    const differing: unknown[] = [];
    for (const [n, template] of REFUSED.entries()) {
      const parsed = parseRuleTemplate(`R${n}`, template);
      const got = 'wrong' in parsed ? parsed.wrong : 'taken';
      const expected = said.get(n) ?? 'taken';
      if (got !== expected) differing.push({ template, got, expected });
    }
    expect(differing).toEqual([]);
  });

  it('were compared with the version that the messages are from', () => {
    expect(execFileSync('promtool', ['--version'], { encoding: 'utf8' })).toContain('version 2.42');
  });
});
