/** For fakes and tests; the running hub never loads it. */
export { serveOnLoopback, type Served } from './serve-on-loopback.ts';
