/** The text at a dotted path, or undefined. */
export function textAt(settings: object, path: string): string | undefined {
  let at: unknown = settings;
  for (const name of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[name];
  }
  return typeof at === 'string' ? at : undefined;
}

/** The same settings with another text at a path that has one; only what lies on the path is copied. */
export function withTextAt<T extends object>(settings: T, path: string, text: string): T {
  const [name = '', ...rest] = path.split('.');
  const inner = (settings as Readonly<Record<string, unknown>>)[name];
  const next = rest.length === 0 ? text : withTextAt(inner as object, rest.join('.'), text);
  return { ...settings, [name]: next };
}

/** Every text in settings that refers to a sealed secret. */
export function sealedRefs(settings: unknown, isRef: (text: string) => boolean): ReadonlySet<string> {
  const found = new Set<string>();
  const walk = (value: unknown): void => {
    if (typeof value === 'string') {
      if (isRef(value)) found.add(value);
    } else if (typeof value === 'object' && value !== null)
      for (const inner of Object.values(value)) walk(inner);
  };
  walk(settings);
  return found;
}
