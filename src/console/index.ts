export { consoleRoutes, type ConsoleOptions } from './routes.tsx';
export { findShipmentIds } from './queries.ts';
