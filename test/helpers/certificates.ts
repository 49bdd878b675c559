import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Paths of a private authority and what it issued. */
export type Certificates = {
  readonly caFile: string;
  /** Another authority that issued nothing here. */
  readonly otherCaFile: string;
  readonly certFile: string;
  readonly keyFile: string;
  readonly expiredCertFile: string;
  readonly clientCertFile: string;
  readonly clientKeyFile: string;
};

/** Makes certificates with openssl: for 127.0.0.1 and `console.test`, one that has expired, and one for a client. */
export function makeCertificates(folder: string): Certificates {
  const at = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  };
  const authority = (name: string): void => {
    openssl(
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '30',
      ],
      ...['-keyout', `${name}.key`, '-out', `${name}.pem`, '-subj', `/CN=${name}`],
    );
  };
  const issue = (name: string, extra: readonly string[], extensions: string): void => {
    writeFileSync(at(`${name}.ext`), extensions);
    openssl(
      ...['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`],
    );
    openssl(
      ...['x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'],
      ...['-out', `${name}.pem`, '-extfile', `${name}.ext`, ...extra],
    );
  };
  authority('ca');
  authority('other');
  const names = 'subjectAltName=IP:127.0.0.1,DNS:console.test\n';
  issue('server', ['-days', '30'], names);
  // A negative validity is the one way of old openssl releases to make an expired certificate.
  issue('expired', ['-days', '-1'], names);
  issue('client', ['-days', '30'], 'extendedKeyUsage=clientAuth\n');
  return {
    caFile: at('ca.pem'),
    otherCaFile: at('other.pem'),
    certFile: at('server.pem'),
    keyFile: at('server.key'),
    expiredCertFile: at('expired.pem'),
    clientCertFile: at('client.pem'),
    clientKeyFile: at('client.key'),
  };
}
