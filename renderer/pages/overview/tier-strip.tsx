import type { Host, HostState, Tier } from '#shared/contract/hosts.ts';
import { Icon } from '../../components/icon.tsx';
import { PageLink } from '../../components/page-link.tsx';
import { StateShape } from '../../components/state-badge.tsx';
import { countTier } from '../../components/worst-first.ts';
import { useTranslation } from '../../locales/use-translation.ts';

const tiers: readonly Tier[] = ['presentation', 'business', 'data'];
const states: readonly HostState[] = ['down', 'unreachable', 'not_watched', 'up'];

/** The three tiers of HMTT in the order in which a request passes them, with their hosts by state. */
export function TierStrip({ hosts }: { readonly hosts: readonly Host[] }) {
  const { t } = useTranslation();
  return (
    <section className="tier-strip" aria-label={t('overview:tiers.title')}>
      {tiers.map((tier, index) => {
        const count = countTier(hosts, tier);
        return (
          <div key={tier} className="tier-cell">
            {index > 0 && <Icon name="arrow" />}
            <PageLink to={`/hosts?tier=${tier}`} className="tier">
              <strong>{t(`common:tier.${tier}`)}</strong>
              {count.total === 0 ? (
                <span className="soft">{t('overview:tiers.none')}</span>
              ) : (
                states
                  .filter((state) => count[state] > 0)
                  .map((state) => (
                    <span key={state} className={`badge state-${state}`}>
                      <StateShape state={state} />
                      <span>
                        {t(`common:state.${state}`)} <span className="figure">{count[state]}</span>
                      </span>
                    </span>
                  ))
              )}
            </PageLink>
          </div>
        );
      })}
    </section>
  );
}
