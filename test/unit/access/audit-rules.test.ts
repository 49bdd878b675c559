import { describe, expect, test } from 'vitest';
import { AUDIT_RULES } from '../../../main/engine/access/audit/rules/index.ts';
import { askedOf, objectText } from '../../../main/engine/access/audit/summary.ts';
import { requests } from '../../../shared/contract/index.ts';
import { auditActionWords } from '../../../shared/domain/audit-words.ts';

const recorded = Object.entries(AUDIT_RULES).flatMap(([action, rule]) =>
  rule === null ? [] : [{ action, rule }],
);

describe('what is recorded', () => {
  test('every request of the contract is classified, and nothing else', () => {
    expect(Object.keys(AUDIT_RULES).toSorted()).toEqual(Object.keys(requests).toSorted());
  });

  test('no value that may be a secret, a file or a command is kept', () => {
    const kept = recorded.flatMap(({ action, rule }) =>
      (rule.asked ?? []).map((field) => `${action} ${field}`),
    );
    expect(kept.length).toBeGreaterThan(100);
    expect(
      kept.filter((one) =>
        / (password|passphrase|current|identity|shares|secret|.*[tT]oken|key|apiKey|auth|basicAuth|tls|text|command|hooks|settings|config|form|pattern|patch|confirm|hash)$/.test(
          one,
        ),
      ),
    ).toEqual([]);
  });

  test('what changes nothing by its name is not, and what does is', () => {
    const names = new Set(recorded.map(({ action }) => action));
    const reading = [...names].filter((name) =>
      /\.(list|get|status|preview|history|check|find|state)$/.test(name),
    );
    expect(reading).toEqual([]);
    const changing = Object.keys(requests).filter((name) =>
      /\.(add|update|remove|set|put|save|create|import|start|undo|prune|hold|release|enable)$/.test(name),
    );
    // A live tail begins with the same word.
    expect(changing.filter((name) => !names.has(name))).toEqual(['logs.tail.start', 'dashboards.views.put']);
  });

  test('every action has words in both languages', () => {
    const speechless = recorded
      .map(({ action }) => action)
      .filter((action) => auditActionWords(action).zh === action);
    expect(speechless).toEqual([]);
    expect(auditActionWords('hosts.add')).toEqual({ zh: '添加主机', en: 'add host' });
    expect(auditActionWords('a.later.one')).toEqual({ zh: 'a.later.one', en: 'a.later.one' });
  });
});

describe('a summary', () => {
  test('addresses lose user and query', () => {
    expect(objectText('https://user:pa55@store:9009/api/push?token=s3cret#x')).toBe(
      'https://store:9009/api/push',
    );
    expect(objectText('see http://a/b?c and https://u@d/e')).toBe('see http://a/b and https://d/e');
    expect(objectText('ssh://root@app-1:22')).toBe('ssh://app-1:22');
    expect(objectText('jdbc:x://u:pa55@db/y')).toBe('jdbc:x://db/y');
    expect(objectText('/var/log/a@b?c.log')).toBe('/var/log/a@b?c.log');
  });

  test('values are short texts; of what has members only the names are kept', () => {
    const params = {
      name: 'x'.repeat(500),
      on: true,
      days: 7,
      none: null,
      empty: '',
      to: ['a', { host: 'h', port: 1 }],
      many: Array.from({ length: 30 }, (_, i) => i),
      login: { username: 'u', password: 'p' },
    };
    const asked = askedOf(params, Object.keys(params));
    expect(asked).toEqual({
      name: `${'x'.repeat(200)}…`,
      on: 'true',
      days: '7',
      to: 'a, host, port',
      many: `${Array.from({ length: 20 }, (_, i) => i).join(', ')}, … (30)`,
      login: 'username, password',
    });
    expect([...objectText('😀'.repeat(300))]).toHaveLength(201);
    // In a time that grows with the text alone.
    expect(objectText('a'.repeat(1_000_000))).toHaveLength(201);
  });
});
