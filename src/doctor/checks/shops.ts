import { figuresShopsMax } from '../../../config/defaults.ts';
import { openShop, type ShopDeps, type ShopSession } from '../../channels/index.ts';
import { Fault } from '../../kernel/index.ts';
import { clockOf, type Database } from '../../platform/db/index.ts';
import { bad, ok, warn, type DoctorCheck, type Finding } from '../finding.ts';
import { readShopFigures, type ShopFigures } from '../queries.ts';
import { counted, since, span } from '../words.ts';
import type { CertificateOwner } from './certificates.ts';

/** From here on the breaker of a shop is open (channels/health-policy.ts). */
const breakerOpensAt = 5;
const quietMs = 3_600_000;

export type WebhookWays = {
  /** Whether a channel can be told where to send webhooks. */
  canRegister(channel: string): boolean;
  readonly publicUrl: string | null;
};

/** Each shop that is not well gets a finding of its own; those that are well share one. */
export function shopsCheck(database: Database, ways: WebhookWays): DoctorCheck {
  return {
    name: 'shops',
    title: 'Shops',
    async run() {
      const { shops, now } = await database.read(async (db) => ({
        shops: await readShopFigures(db, figuresShopsMax),
        now: await clockOf(db),
      }));
      if (shops.length === 0) return [ok('no shop is connected yet')];
      const unwell = shops.flatMap((shop) => judgeShop(shop, ways, now));
      const subjects = new Set(unwell.map(({ subject }) => subject));
      const well = shops.filter(({ name }) => !subjects.has(name));
      const wellFound = well.length === 0 ? [] : [ok(wellWords(well, ways, now))];
      return [...unwell, ...wellFound];
    },
  };
}

function wellWords(shops: readonly ShopFigures[], ways: WebhookWays, now: Date): string {
  const [first] = shops;
  if (shops.length > 1 || first === undefined) return `${shops.length} shops are well`;
  const how = ways.canRegister(first.channel) && first.webhooksAt !== null ? 'by webhook' : 'by polling';
  return `${first.name} is well: last call ${since(first.lastCallAt, now)}, orders ${how}`;
}

export function judgeShop(shop: ShopFigures, ways: WebhookWays, now: Date): Finding[] {
  const findings = [...judgeCalls(shop, now), ...judgeWays(shop, ways)];
  return findings.map((finding) => ({ ...finding, subject: shop.name }));
}

function judgeCalls(shop: ShopFigures, now: Date): Finding[] {
  if (shop.state === 'paused') {
    return [warn('is paused: nothing is read or told', `wharf shop resume "${shop.name}"`)];
  }
  const fault = `${counted(shop.failures, 'call')} failed in a row, last by ${shop.lastFault ?? 'an unknown fault'} ${since(shop.lastFaultAt, now)}`;
  const step =
    shop.lastFault === 'unauthorised'
      ? `Enter new credentials: PATCH /api/v1/shops/${shop.shopId} with its settings`
      : `wharf shop show "${shop.name}"; look whether the channel is down`;
  if (shop.failures >= breakerOpensAt) {
    const until = shop.pausedUntil !== null && shop.pausedUntil > now ? shop.pausedUntil.getTime() - now.getTime() : 0;
    return [bad(`the breaker is open, next try in ${span(until)}: ${fault}`, step)];
  }
  if (shop.failures > 0) return [warn(fault, step)];
  if (shop.lastCallAt === null || now.getTime() - shop.lastCallAt.getTime() > quietMs) {
    return [warn(`was last called ${since(shop.lastCallAt, now)}`, 'Start a worker: wharf worker')];
  }
  return [];
}

function judgeWays(shop: ShopFigures, { canRegister, publicUrl }: WebhookWays): Finding[] {
  const findings: Finding[] = [];
  if (canRegister(shop.channel) && shop.webhooksAt === null && shop.state === 'active') {
    const step =
      publicUrl === null
        ? 'Set PUBLIC_URL, so that the channel can reach this hub.'
        : 'It is tried again every 6 hours; look at what the channel says of webhooks.';
    findings.push(warn('sends no webhooks: orders come only by polling', step));
  }
  if (!shop.pushesStock && shop.state === 'active') {
    findings.push(warn('is told no numbers', `wharf shop push-stock "${shop.name}" on`));
  }
  return findings;
}

export type Opened = {
  readonly shop: ShopFigures;
  /** Null where the sealed credentials could not be opened; `code` says why. */
  readonly session: ShopSession | null;
  readonly code: string | null;
};

/** Opens the credentials of every shop, as a call to it would. */
export async function openShops(deps: Omit<ShopDeps, 'clock'>): Promise<Opened[]> {
  const shops = await deps.database.read((db) => readShopFigures(db, figuresShopsMax));
  const opened: Opened[] = [];
  for (const shop of shops) {
    try {
      const session = await deps.database.read((db) => openShop(db, deps, shop.shopId));
      opened.push({ shop, session, code: null });
    } catch (error) {
      if (!(error instanceof Fault) || error.kind === 'unavailable') throw error;
      opened.push({ shop, session: null, code: error.code });
    }
  }
  return opened;
}

/** Where each shop answers. */
export function ownersOf(opened: readonly Opened[]): CertificateOwner[] {
  return opened.flatMap(({ shop, session }) => {
    if (session === null) return [];
    return [{ subject: shop.name, origin: session.connector.origin(session.settings), isOurs: false }];
  });
}
