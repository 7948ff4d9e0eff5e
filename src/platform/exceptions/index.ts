export { closeExceptions } from './close-exceptions.ts';
export { openExceptions, type ExceptionInput, type ExceptionKey } from './open-exceptions.ts';
export { listExceptions, type ExceptionFilter, type ExceptionRow } from './queries.ts';
