export { checkSeals, readUnsealed, type BrokenSeal, type SealReport } from './check-seals.ts';
export { forgetHeads, keepHead, readKeptHeads, type KeptHead } from './kept-heads.ts';
export { listAudit, type AuditRow } from './queries.ts';
export { sealLane } from './seal-lane.ts';
export { readHead, sealRows, type SealKey } from './seal-rows.ts';
export { writeAudit, type AuditEntry } from './write-audit.ts';
