import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { isSealed, type SecretsStatus } from '#shared/contract/secrets.ts';
import { compareText } from '#shared/domain/text-order.ts';
import { appError, describeThrown, err, ok, type Result } from '#shared/errors/index.ts';
import type { Clock } from '../../platform/clock.ts';
import { inTurns } from '../../platform/in-turn.ts';
import type { Logger } from '../../platform/logger.ts';
import type { SecretStore } from '../../platform/secrets.ts';
import type { WritableDb } from '../../storage/sqlite.ts';
import { newKey, seal, unseal } from './cipher.ts';
import { sealedRefs, textAt, withTextAt } from './fields.ts';
import { destroyKeyFile, makeKeyFile, readKeyFile } from './key-file.ts';
import {
  newCost,
  type PassphraseCost,
  passphraseCostSchema,
  passphraseKey,
  USUAL_COST,
} from './passphrase-key.ts';
import { type GuardRow, NAMED, openSecretTables, type SecretRow } from './store.ts';

/** The sealed store: one data key seals every secret, and each guard seals the data key. */
export type Vault = SecretStore & {
  readonly status: () => SecretsStatus;
  /** What the desktop's key store gives for this session; null when it has none. */
  readonly offerKeyStore: (key: Uint8Array | null) => void;
  readonly unlock: (passphrase: string) => Promise<Result<void>>;
  readonly lock: () => Result<void>;
  readonly setPassphrase: (passphrase: string, current: string | undefined) => Promise<Result<void>>;
  readonly removePassphrase: (current: string) => Promise<Result<void>>;
  readonly put: (name: string, text: string) => Result<void>;
  readonly remove: (name: string) => Result<void>;
  /** The text under a reference, wherever it is sent, for an export that seals it anew. SECRETS_LOCKED, SECRET_UNKNOWN, SECRETS_DAMAGED */
  readonly reveal: (ref: string) => Result<string>;
  /**
   * Makes the key that seals, when there is none yet. A transaction that may be undone seals only after this: its key would be
   * undone with it. SECRETS_LOCKED, SECRETS_KEY_FILE
   */
  readonly ready: () => Result<void>;
  /** Secrets under names, with the references that stand for their texts; by name. */
  readonly listNamed: () => readonly { readonly name: string; readonly ref: string }[];
};

/** What the store is made of. */
export type VaultDeps = {
  readonly db: WritableDb;
  /** Where the key lies while nothing better guards it. */
  readonly keyFile: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Hears when it is opened or locked, and when guards or secrets change. */
  readonly changed: () => void;
  /** Stands in for the usual cost of a passphrase in tests. */
  readonly cost?: Omit<PassphraseCost, 'salt'>;
};

const LEAST_PASSPHRASE = 12;
const GUARD = (kind: string): string => `hmtt-secrets-1\0guard\0${kind}`;
/** A secret opens only as what it was sealed as: a row that was given another place or owner is damaged. */
const boundTo = ({ id, area, owner, field, place }: Omit<SecretRow, 'sealed' | 'sealed_ms'>): string =>
  ['hmtt-secrets-1', 'secret', id, area, owner, field, place].join('\0');

/** A guard that is about to be set, with its own key. */
type NewGuard = Pick<GuardRow, 'kind' | 'params'> & { readonly key: Uint8Array };

/** Opens the store; it is open at once when a key file guards it or nothing was ever sealed. */
export function openVault(deps: VaultDeps): Vault {
  const { clock, logger, changed, keyFile } = deps;
  const tables = openSecretTables(deps.db);
  let dataKey: Buffer | null = null;
  let keyStore: Uint8Array | null = null;
  /** Passphrases are worked on one after another: each takes 64 MiB for part of a second. */
  const inTurn = inTurns();

  const guard = (kind: GuardRow['kind']): GuardRow | undefined =>
    tables.guards().find((one) => one.kind === kind);

  const openWith = (row: GuardRow, key: Uint8Array): boolean => {
    const opened = unseal(key, row.wrapped, GUARD(row.kind));
    if (opened === null) return false;
    dataKey = opened;
    return true;
  };

  const wrapped = (key: Uint8Array, guards: readonly NewGuard[]): GuardRow[] =>
    guards.map((one) => ({
      kind: one.kind,
      params: one.params,
      wrapped: seal(one.key, key, GUARD(one.kind)),
      since_ms: guard(one.kind)?.since_ms ?? clock.now(),
    }));

  /** Seals everything anew under a new key that these guards keep; without a file guard the key file goes. */
  const rekey = (guards: readonly NewGuard[]): Result<void> => {
    const old = dataKey;
    const next = newKey();
    const rows = tables.secrets().map((row) => {
      const plain = old === null ? null : unseal(old, row.sealed, boundTo(row));
      return { row, plain };
    });
    tables.transaction(() => {
      // What cannot be opened is left as it is: it says so when it is used, and a new text takes its place.
      for (const { row, plain } of rows)
        if (plain !== null) tables.put({ ...row, sealed: seal(next, plain, boundTo(row)) });
      tables.setGuards(wrapped(next, guards));
    });
    for (const { plain } of rows) plain?.fill(0);
    old?.fill(0);
    dataKey = next;
    if (!guards.some(({ kind }) => kind === 'file')) destroyKeyFile(keyFile);
    tables.settleFile();
    changed();
    return ok(undefined);
  };

  const keyStoreGuard = (): NewGuard[] =>
    keyStore === null ? [] : [{ kind: 'key_store', params: '{}', key: keyStore }];

  /** The key that seals; the first secret of a console makes it. */
  const sealingKey = (): Result<Buffer> => {
    if (dataKey !== null) return ok(dataKey);
    if (tables.guards().length > 0) return err(appError('SECRETS_LOCKED'));
    const first = newKey();
    const guards = keyStoreGuard();
    try {
      if (guards.length === 0) guards.push({ kind: 'file', params: '{}', key: makeKeyFile(keyFile) });
    } catch (thrown) {
      return err(appError('SECRETS_KEY_FILE', { file: keyFile, why: describeThrown(thrown) }));
    }
    tables.setGuards(wrapped(first, guards));
    dataKey = first;
    return ok(first);
  };

  const sealRow = (
    row: Omit<SecretRow, 'sealed' | 'sealed_ms' | 'id'>,
    text: string,
    id: string,
  ): Result<string> => {
    const key = sealingKey();
    if (!key.ok) return key;
    const sealed = seal(key.value, Buffer.from(text, 'utf8'), boundTo({ ...row, id }));
    tables.put({ ...row, id, sealed, sealed_ms: clock.now() });
    return ok(`sealed:${id}`);
  };

  const textOf = (row: SecretRow): Result<string> => {
    if (dataKey === null) return err(appError('SECRETS_LOCKED'));
    const plain = unseal(dataKey, row.sealed, boundTo(row));
    if (plain === null) return err(appError('SECRETS_DAMAGED', { what: `${row.area} ${row.field}` }));
    const text = plain.toString('utf8');
    plain.fill(0);
    return ok(text);
  };

  const rowOf = (ref: string, place: string): Result<SecretRow> => {
    const id = ref.slice('sealed:'.length);
    const row = tables.secret(id);
    if (row === null) return err(appError('SECRET_UNKNOWN', { id }));
    return row.place === place
      ? ok(row)
      : err(appError('SECRET_ELSEWHERE', { place: row.place, asked: place }));
  };

  const passphraseGuard = async (passphrase: string): Promise<NewGuard> => {
    const cost = newCost(deps.cost ?? USUAL_COST);
    return { kind: 'passphrase', params: JSON.stringify(cost), key: await passphraseKey(passphrase, cost) };
  };

  /** Whether a text is the passphrase; what it opens is the data key. */
  const check = async (passphrase: string): Promise<Result<void>> => {
    const row = guard('passphrase');
    if (row === undefined) return err(appError('SECRETS_NO_PASSPHRASE'));
    const cost = passphraseCostSchema.parse(JSON.parse(row.params));
    return openWith(row, await passphraseKey(passphrase, cost))
      ? ok(undefined)
      : err(appError('SECRETS_WRONG_PASSPHRASE', {}, { field: 'passphrase' }));
  };

  /** Gives the key store its part again when it has lost what it held, as after a new account on the machine. */
  const renewKeyStore = (): void => {
    const row = guard('key_store');
    if (row === undefined || dataKey === null || keyStore === null) return;
    if (unseal(keyStore, row.wrapped, GUARD(row.kind)) !== null) return;
    const kept = tables.guards().filter(({ kind }) => kind !== 'key_store');
    tables.setGuards([...kept, ...wrapped(dataKey, keyStoreGuard())]);
  };

  const startOpen = (): void => {
    const row = guard('file');
    if (row === undefined) {
      // Left by a power cut between a key file and its guard, or the other way round.
      if (existsSync(keyFile)) destroyKeyFile(keyFile);
      return;
    }
    const key = readKeyFile(keyFile);
    if (!key.ok || !openWith(row, key.value))
      logger.log('error', 'the key file does not open the secrets', {
        code: key.ok ? 'key' : key.error.code,
      });
  };
  startOpen();

  return {
    status: () => ({
      state: dataKey === null && tables.guards().length > 0 ? 'locked' : 'open',
      guards: tables.guards().map(({ kind, since_ms }) => ({ kind, since: since_ms })),
      keyStoreOffered: keyStore !== null,
      secrets: tables.secrets().map(({ id, area, field, place, sealed_ms }) => ({
        id,
        area,
        field,
        place,
        sealedAt: sealed_ms,
      })),
    }),
    open: (ref, place) => {
      const row = rowOf(ref, place);
      return row.ok ? textOf(row.value) : row;
    },
    named: (name) => {
      const row = tables.named(name);
      return row === null ? err(appError('SECRET_UNKNOWN', { id: name })) : textOf(row);
    },
    seal: (settings, fields, { area, id: owner, place: sentTo }) => {
      let sealed = settings;
      for (const { path: field, isSent } of fields) {
        const place = isSent ? sentTo : '';
        const text = textAt(settings, field) ?? '';
        if (text === '') continue;
        if (isSealed(text)) {
          const known = rowOf(text, place);
          if (!known.ok) return known;
          if (known.value.area === area && known.value.owner === owner) continue;
        }
        // What belongs to other settings gets an entry of its own, so that it outlives them.
        const plain = isSealed(text) ? rowOf(text, place) : null;
        const own = plain === null ? ok(text) : plain.ok ? textOf(plain.value) : plain;
        if (!own.ok) return own;
        const ref = sealRow({ area, owner, field, place }, own.value, randomUUID());
        if (!ref.ok) return ref;
        sealed = withTextAt(sealed, field, ref.value);
      }
      if (sealed !== settings) changed();
      return ok(sealed);
    },
    settle: ({ area, id: owner }, settings) => {
      const owned = tables.owned(area, owner);
      if (owned.length === 0) return;
      const used = sealedRefs(settings, isSealed);
      const unused = owned.filter(({ id }) => !used.has(`sealed:${id}`));
      for (const { id } of unused) tables.remove(id);
      if (unused.length > 0) changed();
    },
    offerKeyStore: (key) => {
      keyStore = key;
      const row = guard('key_store');
      if (key !== null && dataKey === null && row !== undefined && !openWith(row, key))
        logger.log('warn', "the operating system's key store does not open the secrets");
      // Better guarded at the first chance: until now the key lay in a file.
      if (key !== null && dataKey !== null && guard('file') !== undefined) rekey(keyStoreGuard());
      else changed();
    },
    unlock: (passphrase) =>
      inTurn(async () => {
        const checked = await check(passphrase);
        if (!checked.ok) return checked;
        renewKeyStore();
        changed();
        return checked;
      }),
    lock: () => {
      if (guard('passphrase') === undefined) return err(appError('SECRETS_NO_PASSPHRASE'));
      dataKey?.fill(0);
      dataKey = null;
      changed();
      return ok(undefined);
    },
    setPassphrase: (passphrase, current) =>
      inTurn(async () => {
        if ([...passphrase].length < LEAST_PASSPHRASE)
          return err(
            appError('SECRETS_PASSPHRASE_SHORT', { least: LEAST_PASSPHRASE }, { field: 'passphrase' }),
          );
        if (guard('passphrase') !== undefined) {
          const checked = await check(current ?? '');
          if (!checked.ok) return err({ ...checked.error, field: 'current' });
        }
        const ready = sealingKey();
        if (!ready.ok) return ready;
        const others = guard('key_store') === undefined ? [] : keyStoreGuard();
        return rekey([await passphraseGuard(passphrase), ...others]);
      }),
    removePassphrase: (current) =>
      inTurn(async () => {
        const checked = await check(current);
        if (!checked.ok) return err({ ...checked.error, field: 'current' });
        const others = keyStoreGuard();
        return others.length === 0 ? err(appError('SECRETS_LAST_GUARD')) : rekey(others);
      }),
    reveal: (ref) => {
      const id = ref.slice('sealed:'.length);
      const row = tables.secret(id);
      return row === null ? err(appError('SECRET_UNKNOWN', { id })) : textOf(row);
    },
    ready: () => {
      const key = sealingKey();
      return key.ok ? ok(undefined) : key;
    },
    listNamed: () =>
      tables
        .secrets()
        .filter(({ area }) => area === NAMED)
        .map(({ id, owner }) => ({ name: owner, ref: `sealed:${id}` }))
        .toSorted((a, b) => compareText(a.name, b.name)),
    put: (name, text) => {
      const known = tables.named(name);
      const row = { area: NAMED, owner: name, field: name, place: '' };
      const sealed = sealRow(row, text, known?.id ?? randomUUID());
      if (!sealed.ok) return sealed;
      changed();
      return ok(undefined);
    },
    remove: (name) => {
      const known = tables.named(name);
      if (known === null) return err(appError('NOT_FOUND', { what: 'secret', id: name }));
      tables.remove(known.id);
      changed();
      return ok(undefined);
    },
  };
}
