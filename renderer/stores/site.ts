import { create } from 'zustand';
import type { Problem, SiteStatus } from '#shared/contract/site.ts';
import { useConnection } from './connection.ts';

export type SiteState = {
  /** The newest status, kept when the engine is away. */
  readonly status: SiteStatus | null;
  /** When `status` arrived, UTC milliseconds of this window's clock. */
  readonly receivedAt: number | null;
  readonly problems: readonly Problem[] | null;
};

/** The figures of the status bar and the problems of now, as the engine pushes them. */
export const useSite = create<SiteState>(() => ({ status: null, receivedAt: null, problems: null }));

/** Subscribes to the engine's pushes on every connection. */
export function startSite(): void {
  useConnection.subscribe((state, previous) => {
    const { client } = state;
    if (client === null || client === previous.client) return;
    const receive = (status: SiteStatus): void => useSite.setState({ status, receivedAt: Date.now() });
    client.on('site.status', receive);
    client.on('alerts.changed', (payload) => useSite.setState({ problems: payload.problems }));
    void client.call('site.status', {}).then((result) => {
      if (result.ok) receive(result.value);
    });
    void client.call('alerts.list', { state: 'firing' }).then((result) => {
      if (result.ok) useSite.setState({ problems: result.value.alerts });
    });
  });
}
