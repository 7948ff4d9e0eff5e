import type { ConnectionReport } from '../../src/connector-kit/index.ts';
import { get, type SandboxIo } from './client.ts';
import { wireShop } from './wire.ts';

export async function check(io: SandboxIo): Promise<ConnectionReport> {
  const shop = await get(io, '/shop', {}, wireShop);
  return { shopName: shop.name, currency: shop.currency, timeZone: shop.time_zone };
}

export function origin({ baseUrl }: { readonly baseUrl: string }): string {
  return new URL(baseUrl).origin;
}
