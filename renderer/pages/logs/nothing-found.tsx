import { nearestWord } from '#shared/domain/near-word.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { useRequest } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { type AskedName, askedNames, withName } from './query/asked-names.ts';
import { builtInFields } from './query/completion.ts';

/** More names than these are not asked about; one of the first is wrong more often than the sixth. */
const MOST_NAMES = 5;

export type NothingFoundProps = {
  /** The search line as it was typed. */
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onWiden: () => void;
};

/** Says that a search found nothing, names what no stored line knows, and offers what was probably meant. */
export function NothingFound({ text, onText, onWiden }: NothingFoundProps) {
  const { t } = useTranslation();
  return (
    <EmptyState
      title={t('logs:search.nothing')}
      body={t('logs:search.nothingBody')}
      action={
        <>
          {askedNames(text)
            .slice(0, MOST_NAMES)
            .map((asked) => (
              <UnknownName
                key={`${asked.from} ${asked.kind} ${asked.name}`}
                asked={asked}
                onMeant={(name) => onText(withName(text, asked, name))}
              />
            ))}
          <Button onClick={onWiden}>{t('logs:search.widen')}</Button>
        </>
      }
    />
  );
}

/** Tells of a name that the stored lines do not know. */
function UnknownName({
  asked,
  onMeant,
}: {
  readonly asked: AskedName;
  readonly onMeant: (name: string) => void;
}) {
  const { t } = useTranslation();
  const { kind, name } = asked;
  // Two questions, because a site can have more names than one answer holds.
  const same = useRequest('logs.completion', { kind, prefix: name.slice(0, 200), limit: 200 });
  const all = useRequest('logs.completion', { kind, limit: 200 });
  if (same.data === null || all.data === null) return null;
  const wanted = name.toLowerCase();
  if (same.data.values.some(({ value }) => value.toLowerCase() === wanted)) return null;
  const known = all.data.values.map(({ value }) => value);
  const meant = nearestWord(name, kind === 'field' ? [...builtInFields, ...known] : known);
  return (
    <div className="row" data-testid="unknown-name">
      <span>{t(`logs:search.unknown.${kind}`, { name })}</span>
      {meant !== null && <Button onClick={() => onMeant(meant)}>{t('logs:search.meant', { meant })}</Button>}
    </div>
  );
}
