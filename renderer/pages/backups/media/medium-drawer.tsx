import { useState } from 'react';
import { Link } from 'react-router';
import type { Medium } from '#shared/contract/backup-media.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useCall, useEvent, useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { pointPath } from '../use-backups.ts';
import { MediumBadge } from './media-table.tsx';

type DrawerProps = {
  readonly medium: Medium;
  readonly onClose: () => void;
  readonly onChanged: () => void;
};

/** One medium: where it lies, what is on it, its ledger, and taking it out of use. */
export function MediumDrawer({ medium, onClose, onChanged }: DrawerProps) {
  const { t } = useTranslation();
  const ledger = useRequest('backup.media.ledger', { medium: medium.id }, { subject: medium.id });
  const contents = useRequest('backup.media.contents', { medium: medium.id }, { subject: medium.id });
  useEvent('backup.media.changed', () => {
    ledger.reload();
    contents.reload();
  });
  const changed = (): void => {
    ledger.reload();
    onChanged();
  };
  return (
    <Overlay title={medium.label} onClose={onClose}>
      <div className="stack">
        <p className="row">
          <MediumBadge medium={medium} />
          <span>{medium.root ?? (medium.location === '' ? t('media:nowhere') : medium.location)}</span>
        </p>
        {medium.problem && <ErrorNotice error={medium.problem} />}
        <MoveForm medium={medium} onChanged={changed} />
        <h3>{t('media:drawer.contents')}</h3>
        <RequestView request={contents} rows={3}>
          {({ points }) =>
            points.length === 0 ? (
              <p className="soft">{t('media:drawer.empty')}</p>
            ) : (
              <table className="plain-table">
                <thead>
                  <tr>
                    <th scope="col">{t('media:drawer.point')}</th>
                    <th scope="col">{t('media:column.state')}</th>
                    <th scope="col">{t('media:drawer.verified')}</th>
                  </tr>
                </thead>
                <tbody>
                  {points.slice(0, 200).map(({ pointId, plan, startedAt, copy }) => (
                    <tr key={pointId}>
                      <td>
                        <Link to={pointPath(pointId)}>
                          {plan} {startedAt === null ? pointId : absoluteText(startedAt)}
                        </Link>
                      </td>
                      <td>{t(`media:copies.state.${copy.state}`)}</td>
                      <td className="figure">
                        {copy.verifiedAt === null ? '—' : absoluteText(copy.verifiedAt)}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )
          }
        </RequestView>
        <h3>{t('media:drawer.ledger')}</h3>
        <RequestView request={ledger} rows={4}>
          {({ entries }) => (
            <table className="plain-table">
              <tbody>
                {entries.slice(0, 100).map((entry) => (
                  <tr key={`${entry.at}-${entry.what}-${entry.place}`}>
                    <td className="figure">{absoluteText(entry.at)}</td>
                    <td>{t(`media:what.${entry.what}`)}</td>
                    <td>{entry.who}</td>
                    <td>
                      {entry.place} <span className="soft">{entry.note}</span>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </RequestView>
        <Marks medium={medium} onChanged={changed} />
      </div>
    </Overlay>
  );
}

function MoveForm({ medium, onChanged }: Omit<DrawerProps, 'onClose'>) {
  const { t } = useTranslation();
  const call = useCall();
  const [form, setForm] = useState({ location: medium.location, who: '', note: '' });
  const [error, setError] = useState<AppError | null>(null);
  const save = async (): Promise<void> => {
    const { who, ...rest } = form;
    const answer = await call('backup.media.move', {
      medium: medium.id,
      ...rest,
      ...(who.trim() === '' ? {} : { who }),
    });
    setError(answer.ok ? null : answer.error);
    if (answer.ok) onChanged();
  };
  return (
    <form
      className="stack-small"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <h3>{t('media:drawer.moved')}</h3>
      {(['location', 'who', 'note'] as const).map((name) => (
        <TextField
          key={name}
          label={t(`media:drawer.${name === 'location' ? 'place' : name}`)}
          maxLength={name === 'who' ? 100 : 200}
          value={form[name]}
          onChange={(value) => setForm({ ...form, [name]: value })}
        />
      ))}
      {error && <ErrorNotice error={error} />}
      <div>
        <Button type="submit" disabled={form.location.trim() === ''}>
          {t('media:drawer.save')}
        </Button>
      </div>
    </form>
  );
}

function Marks({ medium, onChanged }: Omit<DrawerProps, 'onClose'>) {
  const { t } = useTranslation();
  const call = useCall();
  const [error, setError] = useState<AppError | null>(null);
  const mark = async (as: 'retired' | 'damaged' | 'sound'): Promise<void> => {
    const answer = await call('backup.media.mark', { medium: medium.id, as });
    setError(answer.ok ? null : answer.error);
    if (answer.ok) onChanged();
  };
  const verify = async (): Promise<void> => {
    const answer = await call('backup.copies.verify', { target: medium.id });
    setError(answer.ok ? null : answer.error);
  };
  const isOut = medium.state === 'retired' || medium.state === 'damaged';
  return (
    <>
      {error && <ErrorNotice error={error} />}
      <div className="row">
        {medium.root !== null && medium.points > 0 && (
          <Button onClick={() => void verify()}>{t('media:drawer.verify')}</Button>
        )}
        {isOut ? (
          <Button onClick={() => void mark('sound')}>{t('media:drawer.sound')}</Button>
        ) : (
          <>
            <Button onClick={() => void mark('damaged')}>{t('media:drawer.damaged')}</Button>
            <Button onClick={() => void mark('retired')}>{t('media:drawer.retire')}</Button>
          </>
        )}
      </div>
    </>
  );
}
