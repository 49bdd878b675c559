const PLACEHOLDER = /(<(?:\*|num|ip|id|time|path|[a-z]{1,12})>)/;

/** A template with what varies set apart from the words that stay. */
export function PatternText({ template }: { readonly template: string }) {
  let at = 0;
  return (
    <span className="mono pattern-text" title={template}>
      {template.split(PLACEHOLDER).map((part) => {
        const key = at;
        at += part.length;
        return PLACEHOLDER.test(part) ? (
          <span key={key} className="pattern-hole">
            {part}
          </span>
        ) : (
          part
        );
      })}
    </span>
  );
}
