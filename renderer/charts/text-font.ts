/** The font of text on a canvas: the families that the page has for all its text (app/styles/base.css). */
export function textFont(size: string): string {
  return `${size} ${getComputedStyle(document.documentElement).fontFamily}`;
}
