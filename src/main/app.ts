import type { OpenAPIHono } from '@hono/zod-openapi';
import { catalogRoutes } from '../catalog/index.ts';
import { channelRoutes } from '../channels/index.ts';
import { consoleRoutes } from '../console/index.ts';
import { explainRoutes } from '../explain/index.ts';
import { shipmentRoutes } from '../fulfilment/index.ts';
import { tokenRoutes, type TokenGate } from '../identity/index.ts';
import { hookRoutes, inboxRoutes } from '../inbound/index.ts';
import { invoiceRoutes, invoicingSettingsRoutes } from '../invoicing/index.ts';
import { orderRoutes } from '../orders/index.ts';
import { outboundRoutes } from '../outbound/index.ts';
import { exceptionRoutes } from './exception-routes.ts';
import { pingDatabase } from '../platform/db/index.ts';
import { createApp, healthRoutes, type AppEnv } from '../platform/http/index.ts';
import { returnRoutes } from '../returns/index.ts';
import { stockRoutes } from '../stock/index.ts';
import { auditRoutes } from './audit-routes.ts';
import { docsRoutes } from './docs-routes.ts';
import { doctorRoutes } from './doctor-routes.ts';
import type { Hub } from './hub.ts';
import { laneRoutes } from './lane-routes.ts';
import { recoveryNote } from './recovery/recovery-note.ts';
import { recoveryRoutes } from './recovery/routes.ts';
import { openApiHead } from './open-api-head.ts';

/** The whole HTTP face: the API below /api/v1, webhooks, the console, health. */
export function buildApp(hub: Hub, gate: TokenGate): OpenAPIHono<AppEnv> {
  const { deps, metrics, queue } = hub;
  const app = createApp({ database: deps.database, log: deps.log, authenticate: gate.authenticate, metrics });
  const api = [
    tokenRoutes(),
    catalogRoutes(),
    channelRoutes(deps),
    stockRoutes(),
    orderRoutes(deps),
    shipmentRoutes(),
    inboxRoutes(deps),
    explainRoutes(deps),
    outboundRoutes(deps.connectors),
    returnRoutes(),
    exceptionRoutes(),
    laneRoutes(),
    auditRoutes(hub),
    doctorRoutes({ ...hub, countWaiting: () => queue.countWaiting() }),
    recoveryRoutes(),
    invoiceRoutes(deps),
    invoicingSettingsRoutes(),
  ];
  for (const routes of api) app.route('/api/v1', routes);
  app.doc31('/openapi.json', openApiHead);
  app.route('/hooks', hookRoutes(deps));
  const checks = { database: () => pingDatabase(deps.database), queue: () => queue.countWaiting() };
  app.route(
    '/',
    healthRoutes({ metrics, checks, notes: { recovery: () => recoveryNote(deps.database) }, scrape: hub.scrape }),
  );
  app.route('/', docsRoutes());
  app.route('/', consoleRoutes({ deps, authenticate: gate.authenticate, countWaiting: () => queue.countWaiting() }));
  return app;
}
