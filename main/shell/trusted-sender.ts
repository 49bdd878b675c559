import { appOrigin, isOwnAddress } from './content-policy.ts';

/** What is looked at in a sender. */
export type Sender = {
  readonly ownWindow: boolean;
  readonly mainFrame: boolean;
  readonly origin: string;
  readonly url: string;
};

/** Only the main frame of our window, showing a page of the app itself, may call. */
export function isTrusted(sender: Sender): boolean {
  return sender.ownWindow && sender.mainFrame && sender.origin === appOrigin && isOwnAddress(sender.url);
}
