export * from './cases.ts';
export * from './describe-conformance.ts';
export * from './harness.ts';
