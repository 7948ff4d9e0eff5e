import { describeConformance } from '../../src/connector-kit/conformance/index.ts';
import { medusaHarness } from './harness.ts';

describeConformance(medusaHarness);
