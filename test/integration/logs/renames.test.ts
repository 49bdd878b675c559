import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { logPipelineSchema } from '#shared/contract/logs-pipelines.ts';
import { callContext, openArea, type TestArea, tempFolder } from './helpers.ts';

describe('another name for a source or a saved search', () => {
  let folder: ReturnType<typeof tempFolder>;
  let test: TestArea;
  let id = '';
  let expr = 'up == 0';
  const path = (): string => join(folder.dir, 'app.log');
  const rename = (name: string) => test.call('logs.sources.update', { id, path: path(), zone: 'UTC', name });
  const sourcesOfPipeline = async (): Promise<readonly string[]> => {
    const listed = await test.area.handlers['logs.pipelines.list']({}, callContext());
    return listed.ok ? (listed.value.pipelines[0]?.sources ?? []) : [];
  };

  beforeEach(async () => {
    folder = tempFolder();
    expr = 'up == 0';
    test = openArea(folder.dir, false, undefined, () => [{ rules: [{ name: 'ManyErrors', expr }] }]);
    writeFileSync(path(), '2026-11-22T03:00:00Z INFO one\n');
    ({ id } = await test.call('logs.sources.add', { path: path(), zone: 'UTC', name: 'app' }));
    const pipeline = logPipelineSchema.parse({
      name: 'mine',
      sources: ['app', 'other'],
      steps: [{ kind: 'mutate', addTag: ['x'] }],
    });
    const put = await test.area.handlers['logs.pipelines.put']({ pipeline }, callContext());
    if (!put.ok) throw new Error(put.error.message.en);
  });
  afterEach(async () => {
    await test.close();
    folder.remove();
  });

  it('takes the pipelines of a source along, and they go on working', async () => {
    await rename('erp');
    expect(await sourcesOfPipeline()).toEqual(['erp', 'other']);
    await test.call('logs.sync', {});
    expect((await test.call('logs.count', { query: 'tag:x' })).total).toBe(1);
  });

  it.each([
    ['a saved search', 'level:error source:App', 'up == 0', 'errors of app'],
    ['a rule', 'level:error', 'increase(hmtt_log_new_patterns_total{source = "app"}[5m]) > 0', 'ManyErrors'],
  ])('is refused while %s asks for the source by its name', async (_name, query, rule, user) => {
    await test.call('logs.saved.save', { name: 'errors of app', query });
    expr = rule;
    const failed = rename('erp');
    await expect(failed).rejects.toMatchObject({ appError: { code: 'LOG_NAME_USED', field: 'name' } });
    await expect(failed).rejects.toThrow(user);
    expect(await sourcesOfPipeline()).toEqual(['app', 'other']);
    expect((await test.call('logs.sources.list', {})).sources[0]?.name).toBe('app');
    // Everything else of the source may change.
    await test.call('logs.sources.update', { id, path: path(), zone: 'Asia/Shanghai', name: 'app' });
  });

  it('is refused for a saved search whose counters a rule asks for', async () => {
    const search = await test.call('logs.saved.save', {
      name: 'failures',
      query: 'failed',
      counted: true,
    });
    expr = "rate(hmtt_log_matches_total{query='failures'}[5m]) > 1";
    const change = (name: string) =>
      test.call('logs.saved.save', { id: search.id, name, query: 'failed OR refused', counted: true });
    await expect(change('refusals')).rejects.toMatchObject({ appError: { code: 'LOG_NAME_USED' } });
    await change('failures');
    expr = 'up == 0';
    await change('refusals');
  });
});
