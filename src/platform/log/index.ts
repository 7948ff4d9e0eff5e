export { createLog, type LogOptions } from './create-log.ts';
export type { Log, LogFields, LogLevel } from './log.ts';
