import { appError, err, ok, type Result } from '#shared/errors/index.ts';

/** One `define` of an object file, its templates not yet filled in. */
export type NagiosObject = {
  readonly type: string;
  readonly file: string;
  /** Line of `define`. */
  readonly line: number;
  readonly directives: ReadonlyMap<string, { readonly value: string; readonly line: number }>;
};

/** A line that cannot be read. */
export function nagiosError(file: string, line: number, why: string) {
  return err(appError('CHECK_IMPORT_NAGIOS', { file, line, why }, { line }));
}

const MOST_OBJECTS = 100_000;
const TYPES =
  /^(host|hostgroup|hostdependency|hostescalation|hostextinfo|service|servicegroup|servicedependency|serviceescalation|serviceextinfo|command|contact|contactgroup|timeperiod)$/;

/** Reads object files as Nagios 3 and 4 do. Refused whole at the first line that is wrong. */
export function readObjects(
  files: readonly { readonly name: string; readonly text: string }[],
): Result<readonly NagiosObject[]> {
  const objects: NagiosObject[] = [];
  for (const { name, text } of files) {
    const read = readFile(name, text, objects);
    if (!read.ok) return read;
  }
  return ok(objects);
}

type Open = NagiosObject & { readonly directives: Map<string, { value: string; line: number }> };

function readFile(file: string, text: string, objects: NagiosObject[]): Result<null> {
  let open: Open | null = null;
  for (const { line, text: whole } of logicalLines(text)) {
    // A backslash keeps a semicolon, which otherwise begins a remark.
    const content = whole
      .replace(/(^|[^\\]);.*$/, '$1')
      .replace(/\\;/g, ';')
      .trim();
    if (content === '' || content.startsWith('#')) continue;
    if (open === null) {
      const [, type, rest = ''] = /^define\s+(\w+)\s*\{(.*)$/.exec(content) ?? [];
      if (type === undefined)
        return nagiosError(file, line, `"define TYPE {" expected, not "${content.slice(0, 60)}"`);
      if (!TYPES.test(type)) return nagiosError(file, line, `no object type: ${type}`);
      if (rest.trim() !== '') return nagiosError(file, line, 'something behind "{"');
      open = { type, file, line, directives: new Map() };
      continue;
    }
    if (content === '}') {
      objects.push(open);
      if (objects.length > MOST_OBJECTS) return nagiosError(file, line, `more than ${MOST_OBJECTS} objects`);
      open = null;
      continue;
    }
    if (content.startsWith('define'))
      return nagiosError(file, line, `the object of line ${open.line} has no "}"`);
    const [, key, value = ''] = /^(\S+)\s*(.*)$/.exec(content) ?? [];
    if (key === undefined || value === '') return nagiosError(file, line, `${key ?? ''} has no value`);
    open.directives.set(key, { value: value.trim(), line });
  }
  return open === null ? ok(null) : nagiosError(file, open.line, `the object has no "}"`);
}

/** Lines, those that end in a backslash joined with the next. */
function* logicalLines(text: string): Generator<{ readonly line: number; readonly text: string }> {
  let held = '';
  let start = 0;
  for (const [index, raw] of text.replace(/\r\n/g, '\n').split('\n').entries()) {
    if (held === '') start = index + 1;
    if (raw.endsWith('\\')) {
      held += raw.slice(0, -1);
      continue;
    }
    yield { line: start, text: held + raw };
    held = '';
  }
  if (held !== '') yield { line: start, text: held };
}

/** An object with what its templates say filled in. */
export type ResolvedObject = NagiosObject & { readonly values: ReadonlyMap<string, string> };

/** Fills templates in (`use`, several of them, `+` and `null`); a template that is missing or uses itself refuses the file. */
export function resolveTemplates(objects: readonly NagiosObject[]): Result<readonly ResolvedObject[]> {
  const templates = new Map<string, NagiosObject>();
  for (const object of objects) {
    const name = object.directives.get('name');
    if (name === undefined) continue;
    const key = `${object.type}\n${name.value}`;
    if (templates.has(key))
      return nagiosError(object.file, name.line, `${object.type} template ${name.value} is there twice`);
    templates.set(key, object);
  }
  const known = new Map<NagiosObject, ReadonlyMap<string, string>>();

  const resolve = (
    object: NagiosObject,
    path: readonly NagiosObject[],
  ): Result<ReadonlyMap<string, string>> => {
    const before = known.get(object);
    if (before !== undefined) return ok(before);
    const values = new Map<string, string>();
    const use = object.directives.get('use');
    for (const name of use === undefined ? [] : list(use.value)) {
      const template = templates.get(`${object.type}\n${name}`);
      const line = use?.line ?? object.line;
      if (template === undefined) return nagiosError(object.file, line, `no ${object.type} template ${name}`);
      if (template === object || path.includes(template))
        return nagiosError(object.file, line, `template ${name} uses itself`);
      const inherited = resolve(template, [...path, object]);
      if (!inherited.ok) return inherited;
      // Of several templates the first one that says something counts.
      for (const [key, value] of inherited.value) if (!values.has(key)) values.set(key, value);
    }
    for (const [key, { value }] of object.directives) {
      if (key === 'use' || key === 'name' || key === 'register') continue;
      const inherited = values.get(key);
      if (value === 'null') values.delete(key);
      else if (value.startsWith('+'))
        values.set(key, inherited === undefined ? value.slice(1) : `${inherited},${value.slice(1)}`);
      else values.set(key, value);
    }
    known.set(object, values);
    return ok(values);
  };

  const resolved: ResolvedObject[] = [];
  for (const object of objects) {
    const values = resolve(object, []);
    if (!values.ok) return values;
    if (object.directives.get('register')?.value !== '0') resolved.push({ ...object, values: values.value });
  }
  return ok(resolved);
}

/** The members of a comma-separated list. */
export function list(text: string): readonly string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}
