import type { QueryNode } from '#shared/domain/log-query/nodes.ts';
import { parseQuery } from '#shared/domain/log-query/parser.ts';
import { appError, type Bilingual, err, ok, type Result } from '#shared/errors/index.ts';

/** A query of Elasticsearch's and OpenSearch's query language. */
export type ServerQuery = Readonly<Record<string, unknown>>;

/** Where events were written to; documents are described in docs/log-pipelines.md. */
const TEXT_FIELDS = ['message', 'event.original'];
const KEYWORD: Readonly<Record<'source' | 'host' | 'tag', string>> = {
  source: 'hmtt.source.keyword',
  host: 'host.name.keyword',
  tag: 'tags.keyword',
};

/** Thrown and caught inside this file only, to leave the translation from any depth. */
class Untranslatable extends Error {
  readonly term: string;
  readonly why: Bilingual;
  constructor(term: string, why: Bilingual) {
    super(why.en);
    this.term = term;
    this.why = why;
  }
}

/**
 * Translates a query, and a range of times with both ends included.
 *
 * @returns LOG_SERVER_QUERY that names the term that cannot be translated, or an error of the family LOG_QUERY_…
 */
export function translateQuery(
  query: string,
  start: number | undefined,
  end: number | undefined,
  url: string,
): Result<ServerQuery> {
  const node = parseQuery(query);
  if (!node.ok) return node;
  try {
    const times =
      start === undefined && end === undefined
        ? []
        : [
            range({
              ...(start === undefined ? {} : { gte: start }),
              ...(end === undefined ? {} : { lte: end }),
            }),
          ];
    return ok({ bool: { filter: [...times, translate(node.value)] } });
  } catch (thrown) {
    if (!(thrown instanceof Untranslatable)) throw thrown;
    return err(appError('LOG_SERVER_QUERY', { term: thrown.term, why: thrown.why, url }, { field: 'query' }));
  }
}

function range(bounds: object): ServerQuery {
  return { range: { '@timestamp': { ...bounds, format: 'epoch_millis' } } };
}

function translate(node: QueryNode): ServerQuery {
  switch (node.kind) {
    case 'all':
      return { match_all: {} };
    case 'and':
      return { bool: { filter: node.items.map(translate) } };
    case 'or':
      return { bool: { should: node.items.map(translate), minimum_should_match: 1 } };
    case 'not':
      return { bool: { must_not: [translate(node.item)] } };
    case 'text': {
      if (node.openStart)
        throw new Untranslatable(`*${node.text}`, {
          zh: '词首的 * 在服务器上无法高效查询',
          en: 'a * at the beginning of a word cannot be looked up there',
        });
      return {
        multi_match: {
          query: node.text,
          type: node.openEnd ? 'phrase_prefix' : 'phrase',
          fields: TEXT_FIELDS,
        },
      };
    }
    case 'regex':
    case 'field-regex':
      throw new Untranslatable(`/${node.regex.source}/`, {
        zh: '服务器的正则表达式只匹配单个词，含义不同',
        en: 'expressions of the server match single words only, which is something else',
      });
    case 'level':
      return { terms: { 'log.level.keyword': [...node.levels] } };
    case 'source':
    case 'host':
    case 'tag':
      return keyword(KEYWORD[node.kind], node.pattern);
    case 'stream': {
      const stream = keyword('hmtt.stream.keyword', node.pattern);
      return node.day === null
        ? stream
        : { bool: { filter: [stream, range({ gte: node.day.start, lte: node.day.end })] } };
    }
    case 'field':
      return field(node);
  }
}

function field(node: QueryNode & { readonly kind: 'field' }): ServerQuery {
  if (node.operator !== ':')
    throw new Untranslatable(`${node.name}${node.operator}${node.value}`, {
      zh: '字段在服务器上保存为文本，不能比较大小',
      en: 'fields are kept as texts there and cannot be compared by size',
    });
  if (node.name === 'message' && !node.value.includes('*')) return { match_phrase: { message: node.value } };
  return keyword(`fields.${node.name}.keyword`, node.value);
}

/** Equality without regard to case, `*` standing for anything. */
function keyword(name: string, pattern: string): ServerQuery {
  if (pattern === '*') return { exists: { field: name } };
  if (!pattern.includes('*')) return { term: { [name]: { value: pattern, case_insensitive: true } } };
  const value = pattern.replace(/[\\?]/g, '\\$&');
  return { wildcard: { [name]: { value, case_insensitive: true } } };
}
