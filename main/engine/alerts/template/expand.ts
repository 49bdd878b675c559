import { describeThrown } from '#shared/errors/index.ts';
import { executeTemplate } from './execute.ts';
import { TemplateFault } from './fault.ts';
import { functionsOf, isTemplateFunction } from './functions.ts';
import { parseTemplate, type Templates } from './parser.ts';
import { GoMap, GoSample, GoStruct, type GoValue, GoVector } from './values.ts';

/** One element of an instant vector, as templates take it. */
export type TemplateSample = { readonly labels: Readonly<Record<string, string>>; readonly value: number };

/** What a rule's templates are filled with. */
export type TemplateData = {
  readonly labels: Readonly<Record<string, string>>;
  readonly externalLabels: Readonly<Record<string, string>>;
  readonly externalUrl: string;
  /** The value of the expression. */
  readonly value: number;
};

/** Runs the query of a template at the time of the evaluation; rejects with a sentence. */
export type TemplateQuery = (expression: string) => Promise<readonly TemplateSample[]>;

/** What Prometheus puts before each text, so that the variables exist (rules/alerting.go). It counts in columns. */
const PREFIX =
  '{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}{{$externalURL := .ExternalURL}}{{$value := .Value}}';

/** A parsed label or annotation of a rule. */
export type RuleTemplate = {
  readonly name: string;
  readonly text: string;
  readonly templates: Templates;
  /** Nothing is to be filled in. */
  readonly isPlain: boolean;
};

/**
 * Parses the text of a label or annotation of an alerting rule.
 *
 * @param alert the rule's name
 * @returns the template, or what is wrong in Go's words
 */
export function parseRuleTemplate(alert: string, text: string): RuleTemplate | { readonly wrong: string } {
  const name = `__alert_${alert}`;
  const whole = PREFIX + text;
  try {
    const templates = parseTemplate(name, whole, isTemplateFunction);
    return { name, text: whole, templates, isPlain: !text.includes('{{') };
  } catch (thrown) {
    if (thrown instanceof TemplateFault) return { wrong: thrown.message };
    throw thrown;
  }
}

/** A template as it was written. */
export function templateSource({ text }: RuleTemplate): string {
  return text.slice(PREFIX.length);
}

/** Thrown when a query's result is not at hand yet; never leaves this file. */
class QueryNeeded extends Error {
  readonly expression: string;

  constructor(expression: string) {
    super(expression);
    this.expression = expression;
  }
}

const MAX_QUERIES = 100;

/**
 * Fills a template. A failure while filling becomes the text `<error expanding template: …>`, as in Prometheus: an alert
 * with a broken text is still an alert.
 *
 * Execution itself does not wait. When it meets a query it stops, the query is run, and execution begins again with its
 * result at hand; templates have no other effects.
 */
export async function expandRuleTemplate(
  template: RuleTemplate,
  data: TemplateData,
  query: TemplateQuery,
): Promise<string> {
  if (template.isPlain) return template.text.slice(PREFIX.length);
  const results = new Map<string, GoVector | TemplateFault>();
  for (;;) {
    try {
      return execute(template, data, results);
    } catch (thrown) {
      if (thrown instanceof TemplateFault)
        return `<error expanding template: error executing template ${template.name}: ${thrown.message}>`;
      if (!(thrown instanceof QueryNeeded)) throw thrown;
      if (results.size >= MAX_QUERIES)
        return `<error expanding template: error executing template ${template.name}: more than ${MAX_QUERIES} queries>`;
      results.set(thrown.expression, await resultOf(query, thrown.expression));
    }
  }
}

async function resultOf(query: TemplateQuery, expression: string): Promise<GoVector | TemplateFault> {
  try {
    const samples = await query(expression);
    return new GoVector(
      samples.map(({ labels, value }) => new GoSample(new Map(Object.entries(labels)), value)),
    );
  } catch (thrown) {
    return new TemplateFault(describeThrown(thrown));
  }
}

const stringMap = (record: Readonly<Record<string, string>>): GoMap =>
  new GoMap(new Map(Object.entries(record)), 'string');

function execute(
  { name, text, templates }: RuleTemplate,
  data: TemplateData,
  results: ReadonlyMap<string, GoVector | TemplateFault>,
): string {
  const query = (expression: string): GoVector => {
    const result = results.get(expression);
    if (result === undefined) throw new QueryNeeded(expression);
    if (result instanceof TemplateFault) throw result;
    return result;
  };
  const fields: readonly (readonly [string, GoValue])[] = [
    ['Labels', stringMap(data.labels)],
    ['ExternalLabels', stringMap(data.externalLabels)],
    ['ExternalURL', data.externalUrl],
    ['Value', data.value],
  ];
  return executeTemplate({
    name,
    text,
    templates,
    data: new GoStruct(DATA_TYPE, new Map(fields)),
    functions: functionsOf({ query, externalUrl: data.externalUrl }),
  });
}

const DATA_TYPE =
  'struct { Labels map[string]string; ExternalLabels map[string]string; ExternalURL string; Value float64 }';
