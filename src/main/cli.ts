import { failWith } from './cli/fail.ts';
import { buildProgram } from './cli/program.ts';

buildProgram().parseAsync().catch(failWith);
