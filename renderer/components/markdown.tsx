import { lexer, type Token, type Tokens } from 'marked';
import { createElement, type ReactNode, useMemo } from 'react';
import { PageLink } from './page-link.tsx';

/** Texts longer than this are cut: nobody reads them on a screen, and the reader's time grows with them. */
const LONGEST = 50_000;

/**
 * A text in Markdown: headings, lists, tables, code, emphasis, links inside the app. It is drawn from the reader's
 * tokens, never as HTML: tags stand there as the letters they are, pictures as their words, links out of the console
 * as plain text, because there is nowhere to go.
 */
export function Markdown({ text }: { readonly text: string }) {
  const tokens = useMemo(() => lexer(text.slice(0, LONGEST)), [text]);
  return <div className="markdown">{drawAll(tokens)}</div>;
}

function drawAll(tokens: readonly Token[] | undefined): ReactNode {
  return tokens?.map((token, index) => {
    const drawn = draw(token as Tokens.Generic & Token);
    // biome-ignore lint/suspicious/noArrayIndexKey: the tokens of a text have no name but their place.
    return <Part key={index}>{drawn}</Part>;
  });
}

function Part({ children }: { readonly children: ReactNode }) {
  return <>{children}</>;
}

/** Headings begin at the third level: the page and the panel have the first two. */
function heading(token: Tokens.Heading): ReactNode {
  return createElement(`h${Math.min(6, token.depth + 2)}`, null, drawAll(token.tokens));
}

function draw(token: Token): ReactNode {
  switch (token.type) {
    case 'space':
    case 'def':
      return null;
    case 'heading':
      return heading(token as Tokens.Heading);
    case 'paragraph':
      return <p>{drawAll(token.tokens)}</p>;
    case 'strong':
      return <strong>{drawAll(token.tokens)}</strong>;
    case 'em':
      return <em>{drawAll(token.tokens)}</em>;
    case 'del':
      return <del>{drawAll(token.tokens)}</del>;
    case 'codespan':
      return <code>{(token as Tokens.Codespan).text}</code>;
    case 'code':
      return <pre>{(token as Tokens.Code).text}</pre>;
    case 'blockquote':
      return <blockquote>{drawAll(token.tokens)}</blockquote>;
    case 'hr':
      return <hr />;
    case 'br':
      return <br />;
    case 'list':
      return list(token as Tokens.List);
    case 'table':
      return table(token as Tokens.Table);
    case 'link':
      return link(token as Tokens.Link);
    case 'text':
      return token.tokens === undefined ? (token as Tokens.Text).text : drawAll(token.tokens);
    default:
      // HTML, pictures and whatever a later reader knows: the words as they were typed.
      return 'text' in token && typeof token.text === 'string' ? token.text : token.raw;
  }
}

function list(token: Tokens.List): ReactNode {
  const items = token.items.map((item, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the items of a text have no name but their place.
    <li key={index}>{drawAll(item.tokens)}</li>
  ));
  return token.ordered ? <ol start={Number(token.start) || 1}>{items}</ol> : <ul>{items}</ul>;
}

function table(token: Tokens.Table): ReactNode {
  return (
    <table className="plain-table">
      <thead>
        <tr>
          {token.header.map((cell, column) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a column is known by its place.
            <th key={column} scope="col">
              {drawAll(cell.tokens)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {token.rows.map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is known by its place.
          <tr key={index}>
            {row.map((cell, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a cell is known by its place.
              <td key={column}>{drawAll(cell.tokens)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Whether an address stays inside the app: one slash, and nothing that a browser would read as another host. */
export function isInnerAddress(href: string): boolean {
  return /^\/(?![/\\])/.test(href) && !/[\s\p{Cc}]/u.test(href);
}

function link(token: Tokens.Link): ReactNode {
  const words = drawAll(token.tokens);
  if (isInnerAddress(token.href)) return <PageLink to={token.href}>{words}</PageLink>;
  return (
    <span>
      {words}
      {token.href !== token.text && <span className="soft"> ({token.href})</span>}
    </span>
  );
}
