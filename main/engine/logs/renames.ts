import type { QueryNode } from '#shared/domain/log-query/nodes.ts';
import { parseQuery } from '#shared/domain/log-query/parser.ts';
import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { WritableDb } from '../storage/sqlite.ts';
import { PipelineTable } from './pipeline/table.ts';
import { SavedSearches } from './search/saved.ts';

/** Rules that run; `alerts` has them. */
export type RuleExpressions = () => readonly {
  readonly rules: readonly { readonly name: string; readonly expr: string }[];
}[];

/** What goes with a name: what can be carried along is, what cannot refuses the new name. */
export type Renames = {
  /** LOG_NAME_USED when saved searches or rules ask for the source by its old name. */
  readonly checkSource: (from: string) => Result<object>;
  /** Pipelines of the source are pipelines of its new name. @returns whether there were any */
  readonly carrySource: (from: string, to: string) => boolean;
  /** LOG_NAME_USED when rules ask for the counters of a saved search by its old name. */
  readonly checkSaved: (id: string | undefined, to: string) => Result<object>;
};

/** Makes it over console.db. */
export function createRenames(db: WritableDb, ruleGroups: RuleExpressions): Renames {
  const saved = new SavedSearches(db);
  const pipelines = new PipelineTable(db);
  /** Rules whose expression has a matcher of this label and value. */
  const rulesWith = (metric: RegExp, label: string, value: string): readonly string[] => {
    const quoted = JSON.stringify(value);
    const single = `'${quoted.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
    return ruleGroups()
      .flatMap(({ rules }) => rules)
      .filter(({ expr }) => {
        const packed = expr.replaceAll(/\s*=\s*/g, '=');
        return metric.test(expr) && [quoted, single].some((text) => packed.includes(`${label}=${text}`));
      })
      .map(({ name }) => name);
  };
  const refused = (name: string, users: readonly string[]): Result<object> =>
    users.length === 0
      ? ok({})
      : err(appError('LOG_NAME_USED', { name, users: [...new Set(users)].join(', ') }, { field: 'name' }));
  return {
    checkSource: (from) => {
      const wanted = from.toLowerCase();
      const searches = saved.list().filter(({ query }) => {
        const node = parseQuery(query);
        return node.ok && asksSource(node.value, wanted);
      });
      return refused(from, [
        ...searches.map(({ name }) => name),
        ...rulesWith(/\bhmtt_log_new_patterns_total\b/, 'source', from),
      ]);
    },
    carrySource: (from, to) => {
      const users = pipelines.pipelines().filter(({ pipeline }) => pipeline.sources.includes(from));
      for (const { id, pipeline } of users) {
        const sources = [...new Set(pipeline.sources.map((name) => (name === from ? to : name)))];
        const put = pipelines.put(id, { ...pipeline, sources });
        // It compiled when it was stored; what it is made of has not changed.
        if (!put.ok) throw new Error(put.error.message.en);
      }
      return users.length > 0;
    },
    checkSaved: (id, to) => {
      const old = saved.list().find((one) => one.id === id);
      if (old === undefined || old.name === to) return ok({});
      return refused(old.name, rulesWith(/\bhmtt_log_match/, 'query', old.name));
    },
  };
}

/** Whether a query names a source; a pattern with `*` goes by what names look like, not by this one. */
function asksSource(node: QueryNode, name: string): boolean {
  if (node.kind === 'and' || node.kind === 'or') return node.items.some((item) => asksSource(item, name));
  if (node.kind === 'not') return asksSource(node.item, name);
  return node.kind === 'source' && node.pattern === name;
}
