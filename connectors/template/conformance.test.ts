import { describeConformance } from '../../src/connector-kit/conformance/index.ts';
import { acmeShopHarness } from './harness.ts';

describeConformance(acmeShopHarness);
