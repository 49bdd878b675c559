import type { HttpClient } from '../../platform/http/client.ts';
import { type ConsoleAddress, webhookMessage } from '../alert-json.ts';
import type { Sender } from '../sender.ts';
import { postJson } from './http-post.ts';

/** Posts what Alertmanager's webhooks post, so that what a site has for them works here, too. */
export function webhookSender(http: HttpClient, address: () => ConsoleAddress): Sender<'webhook'> {
  return {
    send: (settings, { notice }, signal) =>
      postJson(
        http,
        {
          server: settings,
          url: settings.url,
          headers: settings.headers,
          json: webhookMessage(notice, settings, address()),
        },
        signal,
      ),
  };
}
