import type { ComponentType } from 'react';
import type { EngineClient } from '#shared/contract/client.ts';
import { ok, type Result } from '#shared/errors/index.ts';
import type { Language } from '../locales/index.ts';
import type { Translate } from '../locales/use-translation.ts';

/** How one kind of document is made. */
export type PrintSpec<D> = {
  /**
   * Asks the engine for everything that the document shows.
   *
   * @param id what the document is about; null when the address names nothing
   */
  readonly load: (client: EngineClient, id: string | null) => Promise<Result<D>>;
  /** Stands in the foot of every page and is the PDF's title. */
  readonly title: (data: D, t: Translate, language: Language) => string;
  /** Draws the loaded document. It must be complete at its first drawing: it is printed right then. */
  readonly View: ComponentType<{ readonly data: D }>;
};

/** A document whose data is there. */
export type LoadedDocument = {
  readonly title: (t: Translate, language: Language) => string;
  readonly View: ComponentType;
};

/** A kind of document, its data's type kept to itself. */
export type PrintModule = {
  readonly open: (client: EngineClient, id: string | null) => Promise<Result<LoadedDocument>>;
};

/** Makes a kind of document for `registry.ts`. */
export function definePrint<D>(spec: PrintSpec<D>): PrintModule {
  return {
    open: async (client, id) => {
      const answer = await spec.load(client, id);
      if (!answer.ok) return answer;
      const data = answer.value;
      return ok({
        title: (t, language) => spec.title(data, t, language),
        View: () => <spec.View data={data} />,
      });
    },
  };
}
