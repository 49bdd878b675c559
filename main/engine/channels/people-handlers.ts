import { randomUUID } from 'node:crypto';
import type { Contact, OnCallSpan, Rota } from '#shared/contract/contacts.ts';
import type { AreaHandlers } from '#shared/contract/index.ts';
import { onCallAround, onCallGaps, onCallSpans } from '#shared/domain/rota/on-call.ts';
import { type AppError, appError, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { ChannelStore } from './store.ts';

/** What the handlers work on. */
export type PeopleHandlerDeps = {
  readonly store: ChannelStore;
  readonly clock: Clock;
  readonly changed: () => void;
};

/** Longest stretch of a calendar. */
const LONGEST_CALENDAR_MS = 62 * 86_400_000;

/** Answers `contacts.*` and `shifts.*`. */
export function peopleHandlers({
  store,
  clock,
  changed,
}: PeopleHandlerDeps): AreaHandlers<'contacts'> & AreaHandlers<'shifts'> {
  const missing = (what: string, id: string): Result<never> => err(appError('NOT_FOUND', { what, id }));
  const keepContact = (contact: Contact): AppError | null => {
    const unknown = contact.via.findIndex(({ channel }) => store.channels.get(channel) === null);
    const via = contact.via[unknown];
    if (via !== undefined)
      return appError('CHANNEL_UNKNOWN', { id: via.channel }, { field: `via.${unknown}.channel` });
    if (store.contacts.put(contact)) return null;
    return appError('CONTACT_NAME_TAKEN', { name: contact.name }, { field: 'name' });
  };
  const keepRota = (rota: Rota): AppError | null => {
    const stranger = peopleOf(rota).find((id) => store.contacts.get(id) === null);
    if (stranger !== undefined)
      return appError('ROTA_UNKNOWN_CONTACT', { name: rota.name }, { field: 'shifts' });
    if (store.rotas.put(rota)) return null;
    return appError('ROTA_NAME_TAKEN', { name: rota.name }, { field: 'name' });
  };
  const said = <T>(fault: AppError | null, value: T): Result<T> => {
    if (fault !== null) return err(fault);
    changed();
    return ok(value);
  };
  const peopleIn = (span: OnCallSpan): Contact[] =>
    span.contacts.flatMap((id) => {
      const contact = store.contacts.get(id);
      return contact === null ? [] : [contact];
    });
  return {
    'contacts.list': () => ok({ contacts: [...store.contacts.list()] }),
    'contacts.add': (input) => {
      const id = randomUUID();
      return said(keepContact({ ...input, id }), { id });
    },
    'contacts.update': (contact) => {
      if (store.contacts.get(contact.id) === null) return missing('contact', contact.id);
      return said(keepContact(contact), {});
    },
    'contacts.remove': ({ id }) => {
      const contact = store.contacts.get(id);
      if (contact === null) return missing('contact', id);
      const rota = store.rotas.list().find((one) => peopleOf(one).includes(id));
      if (rota !== undefined) return err(appError('CONTACT_IN_USE', { name: contact.name, rota: rota.name }));
      store.contacts.remove(id);
      return said(null, {});
    },
    'shifts.list': () => ok({ rotas: [...store.rotas.list()] }),
    'shifts.add': (input) => {
      const id = randomUUID();
      return said(keepRota({ ...input, id }), { id });
    },
    'shifts.update': (rota) => {
      if (store.rotas.get(rota.id) === null) return missing('rota', rota.id);
      return said(keepRota(rota), {});
    },
    'shifts.remove': ({ id }) => {
      if (!store.rotas.remove(id)) return missing('rota', id);
      return said(null, {});
    },
    'shifts.onCall': ({ rota, at = clock.now() }) => {
      const rotas = store.rotas.list().filter(({ id }) => rota === undefined || id === rota);
      if (rota !== undefined && rotas.length === 0) return missing('rota', rota);
      return ok({
        at,
        rotas: rotas.map((one) => {
          const { now, next } = onCallAround(one, at);
          const people = peopleIn(next).map(({ name }) => name);
          return { rota: one.id, name: one.name, contacts: peopleIn(now), now, next: { ...next, people } };
        }),
      });
    },
    'shifts.calendar': ({ rota: id, from, to }) => {
      const rota = store.rotas.get(id);
      if (rota === null) return missing('rota', id);
      if (to - from > LONGEST_CALENDAR_MS || to <= from) {
        const place = { method: 'shifts.calendar', field: 'to', why: '0 < to - from <= 62 d' };
        return err(appError('BAD_INPUT', place, { field: 'to' }));
      }
      return ok({ spans: [...onCallSpans(rota, from, to)], gaps: [...onCallGaps(rota, from, to)] });
    },
  };
}

/** Everybody whom a rota names; overrides that are over may name people who have gone. */
export function peopleOf(rota: Rota): readonly string[] {
  return rota.shifts.flatMap(({ teams }) => teams.flat());
}
