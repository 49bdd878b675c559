import type { RequestOutput } from '#shared/contract/index.ts';
import type { ImportRemark } from '#shared/contract/notify.ts';
import { ImportDialog as Dialog, type ImportFile } from '../../../components/import-dialog.tsx';
import { type ImportFinding, ImportFindings } from '../../../components/import-findings.tsx';
import { useCall } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';

type Imported = RequestOutput<'notify.config.import'>;

/** Takes over an alertmanager.yml: first what would be taken and what not, then, on a second press, for real. */
export function ImportDialog({
  onClose,
  onDone,
}: {
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const { t } = useTranslation();
  const call = useCall();
  const run = ({ name, text }: ImportFile, dryRun: boolean) =>
    call('notify.config.import', { fileName: name, text, dryRun });
  return (
    <Dialog<Imported>
      kind="dialog"
      title={t('alerts:import.title')}
      means={t('alerts:import.means')}
      testId="import-form"
      source="text"
      initial={{ name: 'alertmanager.yml' }}
      extensions={['yml', 'yaml']}
      words={{
        choose: t('alerts:import.choose'),
        input: t('alerts:import.text'),
        look: t('alerts:import.look'),
        take: () => t('alerts:import.take'),
      }}
      look={(file) => run(file, true)}
      canTake={({ config }) => config !== null}
      take={(file) => run(file, false)}
      Found={Found}
      onClose={onClose}
      onDone={onDone}
    />
  );
}

const findings = (remarks: readonly ImportRemark[]): ImportFinding[] =>
  remarks.map(({ line, field, text }) => ({ line, what: field, text }));

function Found({ found }: { readonly found: Imported }) {
  const { t } = useTranslation();
  const { config, problems, leftOut, channels } = found;
  return (
    <div className="stack-small" data-testid="import-preview">
      <ImportFindings state="critical" title={t('alerts:import.wrong')} items={findings(problems)} />
      {config && (
        <p>
          {t('alerts:import.takes', {
            receivers: config.receivers.length,
            routes: countRoutes(config.route) - 1,
            inhibit: config.inhibitRules.length,
            times: config.timeIntervals.length,
          })}
        </p>
      )}
      {channels.length > 0 && (
        <div>
          <h3>{t('alerts:import.channels')}</h3>
          <ul className="plain-list">
            {channels.map((channel) => (
              <li key={`${channel.receiver} ${channel.line}`}>
                {channel.receiver}: {channel.kind} {channel.name}{' '}
                <span className="soft small">{t('common:error.line', { line: channel.line })}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
      <ImportFindings state="warning" title={t('alerts:import.leftOut')} items={findings(leftOut)} />
      {config && leftOut.length === 0 && <p>{t('alerts:import.whole')}</p>}
    </div>
  );
}

function countRoutes(route: NonNullable<Imported['config']>['route']): number {
  return 1 + route.routes.reduce((sum, one) => sum + countRoutes(one), 0);
}
