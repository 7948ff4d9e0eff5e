import { describeConformance } from '../../src/connector-kit/conformance/index.ts';
import { sandboxHarnesses } from './harness.ts';

for (const harness of Object.values(sandboxHarnesses)) describeConformance(harness);
