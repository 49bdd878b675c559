import type { Page } from 'playwright-core';
import type { Language } from '#shared/contract/shell.ts';
import type { ConsoleRun } from '../../test/helpers/electron.ts';
import type { Stage } from './stage.ts';

/** What a step of the tour has in its hands. */
export type Tour = {
  readonly run: ConsoleRun;
  readonly page: Page;
  /** The language of this pass; the first pass is Chinese. */
  readonly language: Language;
  readonly stage: Stage;
  /** Goes to an address inside the app and waits until the page has its data. */
  readonly goTo: (address: string) => Promise<void>;
  /** Presses the wizard's forward button and waits for the step with this id. */
  readonly wizardNext: (step: string) => Promise<void>;
  /** Takes a picture, `NN-name`; the number is its place in the documentation. */
  readonly shot: (name: string) => Promise<void>;
};

/** One stop of the tour. */
export type TourStep = {
  readonly name: string;
  readonly run: (tour: Tour) => Promise<void>;
};
