import type { ScrapeJob } from '#shared/contract/scrape-jobs.ts';
import { err, ok, type Result } from '#shared/errors/index.ts';
import { HTTP_SECRETS, type SecretStore, secretText } from '../../platform/secrets.ts';

/** Area of the secrets of jobs in the sealed store. */
const AREA = 'scrape-job';

/** The secrets of jobs: each target that is made from a job gets a copy of them, sealed for its own address. */
export type JobSecrets = {
  /** SECRETS_LOCKED */
  readonly seal: (jobs: readonly ScrapeJob[]) => Result<readonly ScrapeJob[]>;
  /** A job with the texts of its secrets. SECRETS_LOCKED, SECRET_UNKNOWN, SECRETS_DAMAGED */
  readonly open: (job: ScrapeJob) => Result<ScrapeJob>;
  /** Forgets the secrets of a job, but for what it refers to; without a job, all of them. */
  readonly forget: (name: string, kept?: ScrapeJob) => void;
};

const placeOf = (name: string): string => `job:${name}`;

/** Makes the way of the jobs' secrets. */
export function jobSecrets(secrets: SecretStore): JobSecrets {
  return {
    seal: (jobs) => {
      const sealed: ScrapeJob[] = [];
      for (const job of jobs) {
        const { job: id } = job.settings;
        const settings = secrets.seal(job.settings, HTTP_SECRETS, { area: AREA, id, place: placeOf(id) });
        if (!settings.ok) return err(settings.error);
        sealed.push({ ...job, settings: settings.value });
      }
      return ok(sealed);
    },
    open: (job) => {
      const { basicAuth, bearerToken, job: name } = job.settings;
      const password = secretText(secrets, basicAuth?.password ?? '', placeOf(name));
      if (!password.ok) return err(password.error);
      const token = secretText(secrets, bearerToken ?? '', placeOf(name));
      if (!token.ok) return err(token.error);
      return ok({
        ...job,
        settings: {
          ...job.settings,
          ...(basicAuth?.password === undefined
            ? {}
            : { basicAuth: { ...basicAuth, password: password.value } }),
          ...(bearerToken === undefined ? {} : { bearerToken: token.value }),
        },
      });
    },
    forget: (name, kept) => secrets.settle({ area: AREA, id: name }, kept?.settings ?? null),
  };
}
