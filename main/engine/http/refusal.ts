/** The kinds of errors that Prometheus's API names. */
export type ErrorType =
  | 'bad_data'
  | 'execution'
  | 'timeout'
  | 'canceled'
  | 'internal'
  | 'not_found'
  | 'unavailable';

const STATUS: Readonly<Record<ErrorType, number>> = {
  bad_data: 400,
  execution: 422,
  timeout: 503,
  canceled: 503,
  internal: 500,
  not_found: 404,
  unavailable: 503,
};

/**
 * Carries an expected refusal from where it is found to where the answer is written; it never leaves this folder.
 */
export class ApiRefusal extends Error {
  readonly type: ErrorType;

  constructor(type: ErrorType, text: string) {
    super(text);
    this.type = type;
  }

  /** The HTTP status that Prometheus 2.42 answers with. */
  get status(): number {
    return STATUS[this.type];
  }
}

/** Refuses a parameter in Prometheus's words. */
export function refuseParameter(name: string, why: string): never {
  throw new ApiRefusal('bad_data', `invalid parameter "${name}": ${why}`);
}
