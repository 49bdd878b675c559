import { StateBadge } from '../../components/state-badge.tsx';
import { useRequest } from '../../components/use-request.ts';
import { useText } from '../../components/use-text.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { isAbsolutePath } from '../paths.ts';
import type { RestoreChoices } from './choices.ts';

const shapes = { ok: 'ok', warning: 'warning', blocked: 'critical' } as const;

/** What a restore needs, looked at before anything is computed: verified, unchanged, media, key, target. */
export function ReadyPanel({ choices }: { readonly choices: RestoreChoices }) {
  const { when, where } = choices;
  if (when === null) return null;
  const isOriginal = where.kind === 'original';
  if (!isOriginal && !isAbsolutePath(where.dir)) return null;
  const toHost = where.kind === 'host' ? where.login : null;
  if (toHost === '') return null;
  return <Ready pointId={when.pointId} targetDir={isOriginal ? null : where.dir} toHost={toHost} />;
}

function Ready({
  pointId,
  targetDir,
  toHost,
}: {
  readonly pointId: string;
  readonly targetDir: string | null;
  readonly toHost: string | null;
}) {
  const { t } = useTranslation();
  const text = useText();
  const request = useRequest('restore.check', { pointId, targetDir, toHost });
  if (request.data === null) return null;
  const { items, ready } = request.data;
  return (
    <section
      className="stack-small"
      aria-label={t('restore:ready.title')}
      data-testid="ready"
      data-ready={ready}
    >
      <h3>{t('restore:ready.title')}</h3>
      <ul className="plain-list">
        {items.map((item) => (
          <li key={item.id} className="row" data-item={item.id}>
            <StateBadge state={shapes[item.state]} word={t(`restore:ready.${item.state}`)} />
            <span>{text(item.text)}</span>
          </li>
        ))}
      </ul>
      {!ready && <p role="alert">{t('restore:ready.blockedHint')}</p>}
    </section>
  );
}
