import { figuresShopsMax } from '../../../config/defaults.ts';
import { readUnsealed } from '../../platform/audit/index.ts';
import { clockOf, type Database } from '../../platform/db/index.ts';
import { ok, warn, type DoctorCheck, type Finding } from '../finding.ts';
import {
  countOpenExceptions,
  countParked,
  countUnmapped,
  readShopFigures,
  type CountOfKind,
  type ShopFigures,
  type UnmappedFigures,
} from '../queries.ts';
import { counted, since, span } from '../words.ts';

export function parkedCheck(database: Database): DoctorCheck {
  return {
    name: 'parked',
    title: 'Parked messages',
    run: () =>
      database.read(async (db) => {
        const [parked, now] = [await countParked(db), await clockOf(db)];
        if (parked.length === 0) return [ok('none')];
        return parked.map((each) => judgeParked(each, now));
      }),
  };
}

function judgeParked({ kind, count, oldestAt }: CountOfKind, now: Date): Finding {
  const step =
    kind === 'webhook.unreadable'
      ? 'Compare one with what the channel documents; polls still bring its orders.'
      : `Fix the cause, then: wharf replay --state parked --cause ${kind}`;
  return warn(`${counted(count, 'message')}, the oldest came ${since(oldestAt, now)}`, step, kind);
}

export function exceptionsCheck(database: Database): DoctorCheck {
  return {
    name: 'exceptions',
    title: 'Open exceptions',
    run: () =>
      database.read(async (db) => {
        const [open, now] = [await countOpenExceptions(db), await clockOf(db)];
        if (open.length === 0) return [ok('none')];
        return open.map(({ kind, count, oldestAt }) =>
          warn(`${count} open, the oldest since ${since(oldestAt, now)}`, 'wharf exception list', kind),
        );
      }),
  };
}

/** A write that stays unknown for longer was not read back: its shop does not answer, or nobody works. */
const unknownLateMs = 900_000;

export function unknownWritesCheck(database: Database): DoctorCheck {
  return {
    name: 'unknown_writes',
    title: 'Writes with an unknown outcome',
    run: () =>
      database.read(async (db) => {
        const [shops, now] = [await readShopFigures(db, figuresShopsMax), await clockOf(db)];
        const open = shops.filter((shop) => shop.unknownWrites > 0);
        return open.length === 0 ? [ok('none')] : open.map((shop) => judgeUnknown(shop, now));
      }),
  };
}

export function judgeUnknown({ name, unknownWrites, oldestUnknownAt }: ShopFigures, now: Date): Finding {
  const ageMs = oldestUnknownAt === null ? 0 : now.getTime() - oldestUnknownAt.getTime();
  const found = `${unknownWrites}, the oldest sent ${span(ageMs)} ago; each is read back before anything is sent again`;
  if (ageMs < unknownLateMs) return ok(found, name);
  return warn(found, `See why the shop does not answer: wharf shop show "${name}"`, name);
}

export function unmappedCheck(database: Database): DoctorCheck {
  return {
    name: 'unmapped',
    title: 'Unmapped listings',
    run: async () => [judgeUnmapped(await database.read(countUnmapped))],
  };
}

export function judgeUnmapped({ listings, waitingLines }: UnmappedFigures): Finding {
  if (waitingLines > 0) {
    const found = `${counted(waitingLines, 'order line')} without a mapping, ${counted(listings, 'listing')} on sale without one`;
    return warn(found, 'wharf listing list --state unmapped, then wharf listing map (or accept SHOP --all)');
  }
  if (listings === 0) return ok('every listing on sale is mapped');
  return warn(`${counted(listings, 'listing')} on sale without a SKU`, 'wharf listing list --state unmapped');
}

const unsealedLateMs = 60_000;

export function sealsCheck(database: Database): DoctorCheck {
  return {
    name: 'audit_seals',
    title: 'Unsealed audit rows',
    run: () =>
      database.read(async (db) => {
        const { unsealed, unsealedSince } = await readUnsealed(db);
        const ageMs = unsealedSince === null ? 0 : (await clockOf(db)).getTime() - unsealedSince.getTime();
        if (ageMs < unsealedLateMs) return [ok(`${unsealed} wait for their seal`)];
        const found = `${counted(unsealed, 'row')} without a seal, the oldest for ${span(ageMs)}`;
        return [warn(found, 'Start a worker (wharf worker); then wharf audit --seal-check')];
      }),
  };
}
