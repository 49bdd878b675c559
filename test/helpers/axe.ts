import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Runs axe in the page; through the debugger, because the page's policy lets no foreign script in. */
export async function violations(page: Page): Promise<readonly string[]> {
  // The whole source is an expression for the debugger; it puts `axe` on the window.
  await page.evaluate(`${axeSource}; undefined`);
  return page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: {
        run: (options: object) => Promise<{
          violations: readonly {
            id: string;
            help: string;
            nodes: readonly { target: readonly unknown[] }[];
          }[];
        }>;
      };
    };
    const found = await axe.run({ resultTypes: ['violations'] });
    return found.violations.flatMap(({ id, help, nodes }) =>
      nodes.slice(0, 5).map(({ target }) => `${id}: ${help}: ${target.join(' ')}`),
    );
  });
}
