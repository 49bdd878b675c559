import { type AuditRules, id, name, nothing, type RequestsOf } from '../rule.ts';

/** Jobs, the HTTP API, secrets, the whole configuration, training, and the trail itself. */
export const consoleRules: AuditRules<
  RequestsOf<'jobs' | 'api' | 'secrets' | 'configuration' | 'training' | 'audit'>
> = {
  'jobs.list': null,
  'jobs.get': null,
  // What fills the disk must be stoppable when it is full.
  'jobs.cancel': { object: id, frees: true },
  'jobs.pause': { object: id, frees: true },
  'jobs.resume': { object: id },
  'api.state': null,
  'api.set': { object: nothing, asked: ['enabled', 'address', 'port'] },
  'api.newToken': { object: nothing },
  'api.removeToken': { object: nothing },
  'secrets.status': null,
  'secrets.unlock': { object: nothing },
  'secrets.lock': { object: nothing, frees: true },
  'secrets.setPassphrase': { object: nothing },
  'secrets.put': { object: name },
  'secrets.remove': { object: name },
  'secrets.removePassphrase': { object: nothing },
  'configuration.export': { object: nothing, asked: ['encryptTo'] },
  'configuration.import': {
    object: ({ fileName }) => fileName,
    asked: ['withoutSecrets'],
    unless: ({ dryRun }) => dryRun,
  },
  'training.status': null,
  'training.incident': { object: id, asked: ['active'] },
  // What somebody who practises has answered.
  'training.answer': null,
  'training.anew': { object: nothing },
  'audit.list': null,
  'audit.verify': null,
  'audit.anchor': null,
  'audit.export': { object: ({ file }) => file },
};
