export { writeAudit, type AuditEntry } from './write-audit.ts';
export { listAudit, type AuditRow } from './queries.ts';
