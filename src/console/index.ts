export { consoleRoutes, type ConsoleOptions } from './routes.tsx';
