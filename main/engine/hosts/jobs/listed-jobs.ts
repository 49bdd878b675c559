import type { ScrapeJob } from '#shared/contract/scrape-jobs.ts';
import { sameJson } from '../same-config.ts';

/**
 * A job as a list from outside names it, with the secrets that the job of that name has already; only when both ask the very same
 * places, because a secret never goes to another address than it was given for.
 */
export function withKnownSecrets(job: ScrapeJob, known: ScrapeJob | undefined): ScrapeJob {
  if (known === undefined || !sameJson(placesOf(job), placesOf(known))) return job;
  const { basicAuth, bearerToken, bearerTokenFile } = job.settings;
  const password = known.settings.basicAuth?.password;
  const token = known.settings.bearerToken;
  const lacksPassword =
    basicAuth !== undefined && basicAuth.password === undefined && basicAuth.passwordFile === undefined;
  const lacksToken = bearerToken === undefined && bearerTokenFile === undefined && basicAuth === undefined;
  return {
    ...job,
    settings: {
      ...job.settings,
      ...(lacksPassword && password !== undefined ? { basicAuth: { ...basicAuth, password } } : {}),
      ...(lacksToken && token !== undefined ? { bearerToken: token } : {}),
    },
  };
}

/** All that decides where the targets of a job are. */
function placesOf({ settings, relabel, listed, discovery }: ScrapeJob): unknown {
  const { scheme, metricsPath, tls } = settings;
  return [scheme, metricsPath, tls ?? null, relabel, listed, discovery];
}
