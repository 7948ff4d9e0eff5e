import { describeConformance } from '../../src/connector-kit/conformance/index.ts';
import { customHarness } from './harness.ts';

describeConformance(customHarness);
