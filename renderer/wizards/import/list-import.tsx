import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { ImportRow, InventoryImport } from '#shared/contract/inventory.ts';
import type { AppError } from '#shared/errors/index.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { Button } from '../../components/button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { saveText } from '../../components/save-text.ts';
import { useCall } from '../../components/use-request.ts';
import { useText } from '../../components/use-text.ts';
import { Wizard } from '../../components/wizard.tsx';
import { useTranslation } from '../../locales/use-translation.ts';
import { fieldName } from '../../pages/hosts/inventory/field-name.ts';
import { FileChoice } from './file-choice.tsx';
import { KindPicker } from './kind-picker.tsx';

const steps = ['file', 'preview', 'done'] as const;
const ROWS_SHOWN = 200;
/** Base64 in portions: the whole of a large file as arguments of one call would be too many. */
const PORTION = 0x8000;

type Chosen = { readonly name: string; readonly size: number; readonly bytes: string };

async function readChosen(file: File): Promise<Chosen> {
  const raw = new Uint8Array(await file.arrayBuffer());
  let binary = '';
  for (let at = 0; at < raw.length; at += PORTION)
    binary += String.fromCharCode(...raw.subarray(at, at + PORTION));
  return { name: file.name, size: raw.length, bytes: btoa(binary) };
}

/** Choose a CSV file, a list of hosts or a site file → see what it would change, and which rows are wrong → import. */
export function ListImport() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const call = useCall();
  const [current, setCurrent] = useState(0);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [answer, setAnswer] = useState<InventoryImport | null>(null);
  const [takeGood, setTakeGood] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const [busy, setBusy] = useState(false);
  const step = steps[current];

  const ask = async (dryRun: boolean, good: boolean): Promise<void> => {
    if (!chosen) return;
    setBusy(true);
    const result = await call('inventory.import', {
      fileName: chosen.name,
      bytes: chosen.bytes,
      take: good ? 'good' : 'all',
      dryRun,
    });
    setBusy(false);
    if (!result.ok) {
      setError(result.error);
      return;
    }
    setError(null);
    setAnswer(result.value);
    setCurrent(dryRun ? 1 : 2);
  };
  const wrong = answer?.faults.length ?? 0;
  const changes = answer?.rows.filter(({ action }) => action !== 'same').length ?? 0;
  const size = chosen === null ? '' : formatBytes(chosen.size);
  return (
    <Wizard
      title={t('inventory:importer.title')}
      steps={steps.map((id, index) => ({
        id,
        title: t(`inventory:importer.${id}`),
        chosen:
          index === 0 && current > 0 && chosen
            ? t('inventory:importer.chosen', { name: chosen.name, size })
            : '',
      }))}
      current={current}
      onBack={step === 'preview' ? () => setCurrent(0) : undefined}
      onCancel={step === 'done' ? undefined : () => void navigate('/hosts')}
      onNext={step === 'done' ? undefined : () => void ask(step === 'file', step === 'preview' && takeGood)}
      nextDisabled={
        busy || chosen === null || (step === 'preview' && (changes === 0 || (wrong > 0 && !takeGood)))
      }
      nextLabel={t(step === 'preview' ? 'inventory:importer.importNow' : 'inventory:importer.check')}
    >
      {error && <ErrorNotice error={error} />}
      {step === 'file' && (
        <>
          <KindPicker kind="list" />
          <p>{t('inventory:importer.intro')}</p>
          <FileChoice
            label={t('inventory:importer.choose')}
            accept=".csv,.tsv,.txt,.json,text/*"
            chosen={chosen ? t('inventory:importer.chosen', { name: chosen.name, size }) : ''}
            onChoose={([file]) => {
              setError(null);
              setTakeGood(false);
              if (file) void readChosen(file).then(setChosen);
            }}
          />
          <HeaderSample />
        </>
      )}
      {step === 'preview' && answer && (
        <Preview
          answer={answer}
          takeGood={takeGood}
          onTakeGood={(good) => {
            setTakeGood(good);
            void ask(true, good);
          }}
        />
      )}
      {step === 'done' && answer && (
        <>
          <div className="notice notice-ok" data-testid="imported">
            <div className="notice-body">
              <strong>{t('inventory:importer.doneTitle')}</strong>
              <div>{t('inventory:importer.doneBody', counts(answer.rows))}</div>
              {wrong > 0 && <div>{t('inventory:importer.skipped', { count: wrong })}</div>}
            </div>
          </div>
          <div className="row">
            <Link className="btn btn-primary" to="/hosts/topology">
              {t('inventory:importer.openTopology')}
            </Link>
            <Link className="btn" to="/hosts">
              {t('inventory:importer.openHosts')}
            </Link>
          </div>
        </>
      )}
    </Wizard>
  );
}

/** The headings of a table that can be imported, to look at and to fill in. */
function HeaderSample() {
  const { t } = useTranslation();
  const [error, setError] = useState<AppError | null>(null);
  const headings = t('inventory:importer.headerList');
  const save = async (): Promise<void> => {
    // Spreadsheets take a CSV file for one in UTF-8 only when it says so.
    const answer = await saveText(`${t('inventory:importer.templateName')}.csv`, `\uFEFF${headings}\r\n`);
    setError(answer.ok ? null : answer.error);
  };
  return (
    <>
      <p className="soft">{t('inventory:importer.headers')}</p>
      <pre className="heading-sample">{headings}</pre>
      <div className="row">
        <Button onClick={() => void save()}>{t('inventory:importer.saveTemplate')}</Button>
      </div>
      {error && <ErrorNotice error={error} />}
    </>
  );
}

function counts(rows: readonly ImportRow[]) {
  const count = (action: ImportRow['action']): number => rows.filter((row) => row.action === action).length;
  return { added: count('add'), changed: count('change'), same: count('same') };
}

/** What importing would do, and what is wrong. */
function Preview({
  answer,
  takeGood,
  onTakeGood,
}: {
  readonly answer: InventoryImport;
  readonly takeGood: boolean;
  readonly onTakeGood: (good: boolean) => void;
}) {
  const { t } = useTranslation();
  const changes = answer.rows.filter(({ action }) => action !== 'same');
  return (
    <div className="stack" data-testid="import-preview">
      <p className="sentence">
        {changes.length === 0
          ? t('inventory:importer.nothing')
          : t('inventory:importer.sentence', counts(answer.rows))}
      </p>
      <p className="soft">
        {t('inventory:importer.read', {
          format: t(`inventory:importer.format.${answer.format}`),
          encoding: answer.encoding.toUpperCase(),
        })}
        {answer.ignoredColumns.length > 0 &&
          ` · ${t('inventory:importer.ignored')} ${answer.ignoredColumns.join(', ')}`}
      </p>
      {answer.faults.length > 0 && <Faults answer={answer} takeGood={takeGood} onTakeGood={onTakeGood} />}
      {changes.length > 0 && (
        <table className="plain-table">
          <caption className="visually-hidden">{t('inventory:importer.tableRows')}</caption>
          <thead>
            <tr>
              <th scope="col" className="right">
                {t('inventory:importer.line')}
              </th>
              <th scope="col">{t('inventory:importer.action')}</th>
              <th scope="col">{t('inventory:importer.what')}</th>
              <th scope="col">{t('inventory:importer.name')}</th>
              <th scope="col">{t('inventory:importer.fields')}</th>
            </tr>
          </thead>
          <tbody>
            {changes.slice(0, ROWS_SHOWN).map((row, index) => (
              <tr key={`${row.line} ${row.what} ${row.name} ${String(index)}`}>
                <td className="right figure">{row.line ?? '—'}</td>
                <td>{t(`inventory:importer.actionOf.${row.action}`)}</td>
                <td>{t(`inventory:importer.whatOf.${row.what}`)}</td>
                <td className="breakable">{row.name}</td>
                <td>{row.fields.map((field) => fieldName(t, field)).join(t('inventory:comma'))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {changes.length > ROWS_SHOWN && (
        <p className="soft">
          {t('inventory:importer.firstRows', { shown: ROWS_SHOWN, total: changes.length })}
        </p>
      )}
    </div>
  );
}

function Faults({
  answer: { faults },
  takeGood,
  onTakeGood,
}: {
  readonly answer: InventoryImport;
  readonly takeGood: boolean;
  readonly onTakeGood: (good: boolean) => void;
}) {
  const { t } = useTranslation();
  const text = useText();
  return (
    <div className="notice notice-critical" data-testid="import-faults">
      <div className="notice-body stack tight">
        <strong>{t('inventory:importer.faults', { count: faults.length })}</strong>
        <span>{t('inventory:importer.faultsBody')}</span>
        <table className="plain-table">
          <caption className="visually-hidden">{t('inventory:importer.tableFaults')}</caption>
          <thead>
            <tr>
              <th scope="col" className="right">
                {t('inventory:importer.line')}
              </th>
              <th scope="col">{t('inventory:importer.field')}</th>
              <th scope="col">{t('inventory:importer.why')}</th>
            </tr>
          </thead>
          <tbody>
            {faults.slice(0, ROWS_SHOWN).map(({ line, field, message }) => (
              <tr key={`${line} ${field} ${message.en}`}>
                <td className="right figure">{line ?? '—'}</td>
                <td>{field}</td>
                <td>{text(message)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <label className="row">
          <input type="checkbox" checked={takeGood} onChange={(event) => onTakeGood(event.target.checked)} />
          {t('inventory:importer.takeGood', { count: faults.length })}
        </label>
      </div>
    </div>
  );
}
