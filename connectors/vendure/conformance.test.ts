import { describeConformance } from '../../src/connector-kit/conformance/index.ts';
import { vendureHarness } from './harness.ts';

describeConformance(vendureHarness);
