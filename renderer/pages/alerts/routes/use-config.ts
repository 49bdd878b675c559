import { useCallback, useMemo } from 'react';
import type { ConfigProblem } from '#shared/contract/notify.ts';
import type { NotifyConfig } from '#shared/contract/notify-config.ts';
import { ok, type Result } from '#shared/errors/index.ts';
import { useCall, useEvent, useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import type { Names } from './route-words.ts';

/** Saves a changed configuration; what is wrong with it comes back, and nothing is changed then. */
export type SaveConfig = (config: NotifyConfig) => Promise<Result<readonly ConfigProblem[]>>;

/** The configuration in force, and how it is changed. */
export function useConfig() {
  const call = useCall();
  const request = useRequest('notify.config.get', {});
  useEvent('notify.changed', request.reload);
  const revision = request.data?.revision ?? 0;
  const { reload } = request;
  const save: SaveConfig = useCallback(
    async (config) => {
      const answer = await call('notify.config.set', { config, revision });
      if (!answer.ok) return answer;
      if (answer.value.revision !== null) reload();
      return ok(answer.value.problems);
    },
    [call, revision, reload],
  );
  return { request, save };
}

/** What channels, contacts and rotas are called. */
export function useNames(): Names {
  const { t } = useTranslation();
  const channels = useRequest('channels.list', {});
  const contacts = useRequest('contacts.list', {});
  const rotas = useRequest('shifts.list', {});
  useEvent('channels.changed', () => {
    channels.reload();
    contacts.reload();
    rotas.reload();
  });
  return useMemo(
    () => ({
      channels: new Map(
        channels.data?.channels.map(({ id, name, settings }) => [
          id,
          settings.type === 'desktop' ? t('channels:type.desktop') : name,
        ]),
      ),
      contacts: new Map(contacts.data?.contacts.map(({ id, name }) => [id, name])),
      rotas: new Map(rotas.data?.rotas.map(({ id, name }) => [id, name])),
    }),
    [channels.data, contacts.data, rotas.data, t],
  );
}
