import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const stylesheet = readFileSync(join(import.meta.dirname, 'console.css'), 'utf8');

/** Changes with the content, so that it may be kept for ever. */
export const stylesheetPath = `/console.css?v=${createHash('sha256').update(stylesheet).digest('hex').slice(0, 12)}`;

/** A boat at a wharf. */
export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0b6e8a"/><path d="M8 18h16l-3 6H11zM15 7h2v9h-2zM18 9l5 6h-5z" fill="#fff"/></svg>`;
