import { useNavigate } from 'react-router';
import type { DashboardLink } from '#shared/domain/dashboard/field.ts';
import { localize } from '#shared/domain/dashboard/text.ts';
import { isInnerAddress } from '../components/markdown.tsx';
import { withRange } from '../components/page-link.tsx';
import { copyText } from '../components/save-text.ts';
import { useRangeSearch } from '../components/use-time-range.ts';
import { useTranslation } from '../locales/use-translation.ts';

export type PanelLinksProps = {
  readonly links: readonly DashboardLink[];
  /** Fills variables into addresses. */
  readonly fill: (text: string) => string;
};

/** Parameters of the address that hold the chosen values. */
function chosenParams(): URLSearchParams {
  const kept = new URLSearchParams();
  for (const [key, value] of new URLSearchParams(location.search))
    if (key.startsWith('var-')) kept.append(key, value);
  return kept;
}

/** Where a link leads inside the app; null when it leads out of it. */
export function linkAddress(link: DashboardLink, fill: (text: string) => string): string | null {
  const { to } = link;
  const more = link.keepVariables ? chosenParams().toString() : '';
  const withMore = (path: string): string =>
    more === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${more}`;
  switch (to.kind) {
    case 'dashboard':
      return withMore(`/metrics/dashboards/${encodeURIComponent(fill(to.uid))}`);
    case 'tags':
      return `/metrics/dashboards?${to.tags.map((tag) => `tag=${encodeURIComponent(tag)}`).join('&')}`;
    case 'app': {
      const path = fill(to.path);
      return isInnerAddress(path) ? withMore(path) : null;
    }
    case 'url':
      return null;
  }
}

/** The links of a panel or dashboard; an address of the world outside is copied, because the console goes nowhere. */
export function PanelLinks({ links, fill }: PanelLinksProps) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const range = useRangeSearch();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  return links.map((link, index) => {
    const address = linkAddress(link, fill);
    const outside = link.to.kind === 'url' ? fill(link.to.url) : null;
    const title = fill(localize(link.title, language)) || address || outside || '';
    const key = `${index} ${title}`;
    if (address !== null)
      return (
        <button
          type="button"
          key={key}
          onClick={() => void navigate(link.keepTime ? withRange(address, range) : address)}
        >
          {title}
        </button>
      );
    return outside === null ? null : (
      <button type="button" key={key} title={outside} onClick={() => void copyText(outside)}>
        {t('dashboards:panel.copyLink', { title })}
      </button>
    );
  });
}
