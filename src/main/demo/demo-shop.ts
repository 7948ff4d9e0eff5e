import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createSandbox, serveSandbox, type Sandbox } from '../../../connectors/sandbox/fake/index.ts';
import type { Env } from '../../../config/env.ts';

export type DemoShop = { readonly sandbox: Sandbox; readonly origin: string; close(): Promise<void> };

/** The storefront of the demo, on a free loopback port. Its orders survive a restart in `var/demo-shop.json`. */
export async function openDemoShop(env: Env): Promise<DemoShop> {
  mkdirSync(env.varDir, { recursive: true });
  const stateFile = join(env.varDir, 'demo-shop.json');
  const sandbox = createSandbox({ stateFile, shopName: 'Demo shop 演示店铺', currency: 'EUR' });
  const served = await serveSandbox({ sandbox });
  return { sandbox, origin: served.origin, close: served.close };
}
