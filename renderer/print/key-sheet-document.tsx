import type { KeySheet } from '#shared/contract/backup-encryption.ts';
import { AbsoluteTime } from '../components/figures.tsx';
import { QrCode } from '../components/qr-code.tsx';
import { useTranslation } from '../locales/use-translation.ts';
import { definePrint } from './print-module.tsx';

/**
 * The paper that opens encrypted backups. Its address names a key by its fingerprint, then `~identity` for the identity in
 * clear, or `~3` for the third sheet of a split key. Secrets come from the engine's memory, never through the address.
 */
export const keySheetDocument = definePrint<KeySheet>({
  load: (client, id) => {
    const [fingerprint = '', part] = (id ?? '').split('~');
    const share = Number(part);
    return client.call('backup.keys.sheet', {
      fingerprint,
      withIdentity: part === 'identity',
      ...(Number.isInteger(share) && share > 0 ? { share } : {}),
    });
  },
  title: ({ key, share }, t) => {
    const name = key.name ?? key.fingerprint;
    return share === null
      ? t('keys:doc.title', { name })
      : t('keys:doc.shareTitle', { name, number: share.number, of: share.of });
  },
  View: ({ data }) => <KeySheetView sheet={data} />,
});

function KeySheetView({ sheet }: { readonly sheet: KeySheet }) {
  const { t } = useTranslation();
  const { key } = sheet;
  return (
    <>
      <p>{t('keys:doc.purpose')}</p>
      <dl className="facts">
        <dt>{t('keys:fact.fingerprint')}</dt>
        <dd className="mono">{key.fingerprint}</dd>
        <dt>{t('keys:fact.recipient')}</dt>
        <dd className="mono key-text">{key.recipient}</dd>
        <dt>{t('keys:fact.plans')}</dt>
        <dd>{key.plans.length === 0 ? t('keys:fact.noPlans') : key.plans.join(', ')}</dd>
        {key.createdAt !== null && (
          <>
            <dt>{t('keys:doc.created')}</dt>
            <dd>
              <AbsoluteTime time={key.createdAt} />
            </dd>
          </>
        )}
      </dl>
      <Secret sheet={sheet} />
      {sheet.share === null && <Instructions sheet={sheet} />}
      <p>{t('keys:doc.passphraseHolder')} ______________________________</p>
      <p>{t('keys:doc.testLog')} ______________________________</p>
    </>
  );
}

/** The one thing on the sheet that opens something, as text and as a QR code. */
function Secret({ sheet }: { readonly sheet: KeySheet }) {
  const { t } = useTranslation();
  const { key, keyFile, identity, share } = sheet;
  if (share !== null)
    return (
      <Block
        head={t('keys:doc.shareHead')}
        body={t('keys:doc.shareBody', { needed: share.needed, of: share.of })}
        text={share.text}
      />
    );
  if (identity !== null)
    return <Block head={t('keys:doc.identityHead')} body={t('keys:doc.identityBody')} text={identity} />;
  if (keyFile !== null)
    return (
      <Block
        head={t('keys:doc.keyFileHead')}
        body={t('keys:doc.keyFileBody', { file: `${key.name ?? ''}.key.age` })}
        text={keyFile}
      />
    );
  return <p>{t('keys:doc.publicOnly')}</p>;
}

function Block({
  head,
  body,
  text,
}: {
  readonly head: string;
  readonly body: string;
  readonly text: string;
}) {
  const { t } = useTranslation();
  return (
    <section className="key-block">
      <h2>{head}</h2>
      <p>{body}</p>
      <div className={text.includes('\n') ? 'key-parts' : 'key-parts key-line'}>
        <pre className="mono key-text">{text.trimEnd()}</pre>
        <QrCode text={text} label={t('keys:doc.qr')} />
      </div>
    </section>
  );
}

function Instructions({ sheet: { keyFile, identity } }: { readonly sheet: KeySheet }) {
  const { t } = useTranslation();
  if (keyFile === null && identity === null) return null;
  return (
    <section>
      <h2>{t('keys:doc.useHead')}</h2>
      <p>{t('keys:doc.useScan')}</p>
      <pre className="mono">
        {'sha256sum -c NAME.sha256\nage -d -i key.txt NAME.tar.zst.age | zstd -dc | tar -xpf - -C TARGET'}
      </pre>
      <p>{t('keys:doc.useGzip')}</p>
    </section>
  );
}
