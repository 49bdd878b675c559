import { describe, expect, test } from 'vitest';
import type { CheckView } from '#shared/contract/checks.ts';
import { type Host, scrapeConfigSchema, type Target } from '#shared/contract/hosts.ts';
import type { LogSource } from '#shared/contract/logs.ts';
import type { LiveGroup } from '#shared/contract/rules.ts';
import type { Problem } from '#shared/contract/site.ts';
import { appError } from '#shared/errors/index.ts';
import { BUILT_IN, type BuiltInCondition } from '../../../main/engine/alerts/built-in.ts';
import { emptySnapshot, type SiteSnapshot } from '../../../main/engine/alerts/conditions.ts';
import { isHeld } from '../../../main/engine/alerts/held.ts';
import type { LogRhythm } from '../../../main/engine/alerts/log-conditions.ts';

const NOW = Date.UTC(2026, 10, 22, 3);
const MINUTE = 60_000;

const problem = (condition: BuiltInCondition, id: string, labels: Problem['labels'] = {}): Problem => ({
  ...{ id, condition, severity: 'warning', labels: { ...labels, alertname: BUILT_IN[condition].alertname } },
  ...{ since: NOW - 30 * MINUTE, until: null, link: '/' },
  ...{ sentence: { zh: '', en: '' }, next: { zh: '', en: '' } },
});

/** Whether a problem that was not found stays open, of a console that began to watch a minute ago. */
const held = (of: Problem, site: Partial<SiteSnapshot>, settled = true): boolean =>
  isHeld(
    of,
    { ...emptySnapshot(NOW), watchingSince: NOW - MINUTE, ...site },
    { blind: new Set(), isSettled: () => settled },
  );

const host = (state: Host['state'], targets = 1, stateSince = NOW - MINUTE): Host =>
  ({ id: 'h', name: 'app', address: '10.0.0.2', state, stateSince, targets }) as Host;
const config = scrapeConfigSchema.parse({ job: 'node', address: '10.0.0.2:9100' });
const target = (health: Target['health']): Target =>
  ({ id: 't', hostId: 'h', config, health, lastError: null }) as Target;

test('a dead host that was not asked yet is not over; one that answers, has no targets or is gone is', () => {
  for (const condition of ['host_down', 'host_unreachable'] as const) {
    const dead = problem(condition, `${condition}:h`);
    expect(held(dead, { hosts: [host('not_watched')] })).toBe(true);
    expect(held(dead, { hosts: [host('not_watched', 0)] })).toBe(false);
    expect(held(dead, { hosts: [host('up')] })).toBe(false);
    expect(held(dead, { hosts: [] })).toBe(false);
    expect(held(problem(condition, `${condition}:other`), { hosts: [host('not_watched')] })).toBe(false);
  }
});

test('what is known of targets stands until they were asked', () => {
  const down = problem('target_down', 'target_down:t');
  const late = problem('scrape_late', 'scrape_late:h');
  const unstored = problem('samples_not_stored', 'samples_not_stored');
  for (const each of [down, late, unstored]) {
    expect(held(each, { targets: [target('unknown')] })).toBe(true);
    expect(held(each, { targets: [target('up')] })).toBe(false);
    expect(held(each, { targets: [] })).toBe(false);
  }
  expect(held(unstored, { targets: [target('unknown'), target('up')] })).toBe(false);
});

test('a disk is as full as it was while the target that tells of it does not answer', () => {
  const full = problem('disk_full', 'disk_full:10.0.0.2:9100:/', { instance: '10.0.0.2:9100' });
  expect(held(full, { targets: [target('unknown')] })).toBe(true);
  expect(held(full, { targets: [target('down')] })).toBe(true);
  expect(held(full, { targets: [target('up')] })).toBe(false);
  expect(held(full, { targets: [] })).toBe(false);
  // What it answers cannot be kept.
  const lastError = appError('DISK_FULL', { path: '/data' });
  expect(held(full, { targets: [{ ...target('up'), lastError }] })).toBe(true);
});

test('a disk that was freed is over, whatever else of the same instance is dead', () => {
  const full = problem('disk_full', 'disk_full:app:/', { instance: 'app' });
  const of = (id: string, health: Target['health']): Target => ({
    ...target(health),
    id,
    config: { ...config, labels: { instance: 'app' } },
  });
  const filesystem = { host: 'app', hostId: 'h', mountpoint: '/', availBytes: 90, sizeBytes: 100 };
  const targets = [of('node', 'up'), of('mysql', 'down')];
  expect(held(full, { targets, filesystems: [filesystem] })).toBe(false);
  expect(held(full, { targets, filesystems: [{ ...filesystem, host: 'other' }] })).toBe(true);
});

test('a clock is off until it was read again, which nobody can of a dead host', () => {
  const off = problem('clock_offset', 'clock_offset:h');
  const check = (last: unknown) => ({ hostId: 'h', enabled: true, last }) as CheckView;
  expect(held(off, { hosts: [host('down')], targets: [target('down')] })).toBe(true);
  expect(held(off, { hosts: [host('up')], targets: [target('unknown')] })).toBe(true);
  expect(held(off, { hosts: [host('up')], targets: [target('up')], checks: [check(null)] })).toBe(true);
  expect(held(off, { hosts: [host('up')], targets: [target('up')], checks: [check({})] })).toBe(false);
  expect(held(off, { hosts: [] })).toBe(false);
  // Nobody asks it any more.
  expect(held(off, { hosts: [host('not_watched', 0)] })).toBe(false);
  // What else has read it need not wait for a check that is made once a day.
  const site = { hosts: [host('up')], targets: [target('up')], checks: [check(null)] };
  const read = (offsetSeconds: number) => ({
    ...{ hostId: 'h', offsetSeconds, errorSeconds: 0.5, by: 'node_time' as const, at: NOW },
  });
  expect(held(off, { ...site, clocks: [read(-1.4)] })).toBe(false);
  expect(held(off, { ...site, clocks: [read(-1.6)] })).toBe(true);
});

describe('logs', () => {
  const source = (state: LogSource['state']) => ({ id: 's', name: 'app', host: 'app', state }) as LogSource;
  const rhythm = (change: Partial<LogRhythm>): LogRhythm => ({
    ...{ sourceId: 's', lastLineAt: NOW - MINUTE, spokeAt: null },
    ...{ silentAfterMs: 15 * MINUTE, behindSince: null, ...change },
  });
  const site = (change: Partial<LogRhythm>, hosts: readonly Host[] = []) => ({
    ...{ logSources: [source('ok')], logRhythms: [rhythm(change)], hosts },
  });

  test('a source that was silent is so until it speaks, whenever the console was started', () => {
    const silent = problem('log_silence', 'log_silence:s');
    expect(held(silent, site({}))).toBe(true);
    expect(held(silent, site({ spokeAt: NOW - 1_000 }))).toBe(false);
    expect(held(silent, site({ silentAfterMs: null }))).toBe(false);
    expect(held(silent, {})).toBe(false);
  });

  test('a source whose host has come back is silent still, until it speaks', () => {
    const silent = problem('log_silence', 'log_silence:s');
    const before = { spokeAt: NOW - 45 * MINUTE };
    expect(held(silent, site(before, [host('up')]))).toBe(true);
    expect(held(silent, site({ spokeAt: NOW - 1_000 }, [host('up')]))).toBe(false);
    // Its time to speak again is over: then it is found anew, or nobody wants to hear of it.
    expect(held(silent, site(before, [host('up', 1, NOW - 16 * MINUTE)]))).toBe(false);
  });

  test('a source is behind until it has caught up, and unreadable until its thread has tried', () => {
    const behind = problem('log_behind', 'log_behind:s');
    expect(held(behind, site({ behindSince: NOW }))).toBe(true);
    expect(held(behind, site({}))).toBe(false);
    expect(held(behind, { ...site({}), logSources: [source('waiting')], watchingSince: NOW - 1_000 })).toBe(
      true,
    );
    expect(held(behind, { ...site({}), logSources: [source('waiting')] })).toBe(false);
    const unreadable = problem('log_source_error', 'log_source:s');
    expect(held(unreadable, { logSources: [source('waiting')], watchingSince: NOW - 1_000 })).toBe(true);
    expect(held(unreadable, { logSources: [source('waiting')], watchingSince: NOW - MINUTE })).toBe(false);
    expect(held(unreadable, { logSources: [source('ok')], watchingSince: NOW - 1_000 })).toBe(false);
  });
});

test('what is known of rules stands until they were evaluated', () => {
  const about = { file: 'a.yml', group: 'g', rule: 'Odd' };
  const group = { file: 'a.yml', name: 'g', intervalMs: 15_000, rules: [{ name: 'Odd' }] } as LiveGroup;
  for (const condition of ['rule_failing', 'rule_group_late', 'rule_blind'] as const) {
    const of = problem(condition, `${condition}:a.yml:g`, about);
    expect(held(of, { ruleGroups: [group] }, false)).toBe(true);
    expect(held(of, { ruleGroups: [group], watchingSince: NOW - 10 * MINUTE })).toBe(false);
    expect(held(of, { ruleGroups: [] })).toBe(false);
  }
  // A rule says that it sees nothing only a while after its first evaluation.
  expect(held(problem('rule_blind', 'b', about), { ruleGroups: [group] })).toBe(true);
  expect(held(problem('rule_blind', 'b', { ...about, rule: 'Gone' }), { ruleGroups: [group] })).toBe(false);
});

test('an alert of a rule is over when its rule has looked at a target that was asked, not while it counts anew', () => {
  const labels = { alertname: 'Gone', instance: '10.0.0.2:9100' };
  const activeAt = NOW - MINUTE + 20_000;
  const alert = { file: 'a.yml', group: 'g', labels, annotations: {}, activeAt: 0, value: '0' };
  const fired: Problem = { ...problem('rule_blind', 'rule:1'), condition: 'Gone', labels, alert };
  const rules = (alerts: readonly object[], name = 'Gone') => [
    { file: 'a.yml', name: 'g', intervalMs: 15_000, lastEvaluation: NOW - 5_000, rules: [{ name, alerts }] },
  ];
  const groups = (...alerts: readonly object[]) => rules(alerts) as unknown as readonly LiveGroup[];
  const asked = (lastScrapeAt: number): Target => ({ ...target('up'), lastScrapeAt });
  expect(held(fired, { ruleGroups: groups() }, false)).toBe(true);
  expect(held(fired, { ruleGroups: groups() })).toBe(false);
  expect(held(fired, { ruleGroups: groups(), targets: [target('unknown')] })).toBe(true);
  // Its first answer came after the rule looked last.
  const slow = { ...config, intervalMs: MINUTE };
  const site = (at: number) => ({ ruleGroups: groups(), targets: [{ ...asked(at), config: slow }] });
  expect(held(fired, site(NOW - 1_000))).toBe(true);
  expect(held(fired, site(NOW - 6_000))).toBe(false);
  expect(held(fired, { ...site(NOW - 1_000), watchingSince: NOW - 5 * MINUTE })).toBe(false);

  const pending = { labels, state: 'pending', activeAt };
  expect(held(fired, { ruleGroups: groups(pending) })).toBe(true);
  expect(held(fired, { ruleGroups: groups({ ...pending, activeAt: NOW + 10 * MINUTE }) })).toBe(false);
  expect(held(fired, { ruleGroups: groups({ ...pending, labels: { ...labels, x: 'y' } }) })).toBe(false);
  const renamed = rules([pending], 'Other') as unknown as readonly LiveGroup[];
  expect(held(fired, { ruleGroups: renamed, targets: [target('unknown')] })).toBe(false);
});

test('what the console reads of itself at every look is over when it is not found', () => {
  expect(held(problem('backup_failed', 'backup_failed:core'), {})).toBe(false);
  const part = problem('backup_failed', 'backup_failed:core');
  expect(isHeld(part, emptySnapshot(NOW), { blind: new Set(['backup']), isSettled: () => true })).toBe(true);
});
