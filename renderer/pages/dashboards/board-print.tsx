import type { AppError } from '#shared/errors/index.ts';
import { shell } from '../../app/shell.ts';
import { useCall } from '../../components/use-request.ts';
import { useTimeRange } from '../../components/use-time-range.ts';
import type { Language } from '../../locales/index.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { pdfName } from '../../print/pdf-button.tsx';
import type { BoardParams } from './use-board-params.ts';

export type BoardPrintProps = {
  readonly uid: string;
  readonly version: number | null;
  readonly params: BoardParams;
  readonly onError: (error: AppError | null) => void;
};

const languages: readonly { readonly id: Language; readonly name: string }[] = [
  { id: 'zh-CN', name: '中文' },
  { id: 'en', name: 'English' },
];

/** Saves what is shown as PDF: the engine keeps the view for some minutes, a printing window lays it out. */
export function BoardPrint({ uid, version, params, onError }: BoardPrintProps) {
  const { t } = useTranslation();
  const call = useCall();
  const range = useTimeRange();
  const print = async (lang: Language): Promise<void> => {
    const kept = await call('dashboards.views.put', {
      uid,
      version,
      start: Math.round(range.start),
      end: Math.round(range.end),
      variables: params.chosen,
    });
    if (!kept.ok) {
      onError(kept.error);
      return;
    }
    const answer = await shell()?.savePdf({
      kind: 'dashboard',
      id: kept.value.id,
      lang,
      suggestedName: pdfName(uid, lang),
    });
    onError(answer === undefined || answer.ok ? null : answer.error);
  };
  return languages.map(({ id, name }) => (
    <button type="button" key={id} onClick={() => void print(id)}>
      {t('dashboards:board.pdf', { name })}
    </button>
  ));
}
