import { describe } from 'vitest';
import { restoreDrill } from '../support/restore-drill.ts';

describe('a backup of the embedded PostgreSQL, taken at work', () => restoreDrill(null));
