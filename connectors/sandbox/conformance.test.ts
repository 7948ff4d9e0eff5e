import { describeConformance } from '../../src/connector-kit/conformance/index.ts';
import { sandboxHarness } from './harness.ts';

describeConformance(sandboxHarness);
