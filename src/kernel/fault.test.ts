import { expect, test } from 'vitest';
import { Fault, invalidField, isTransient, type FaultKind } from './fault.ts';

const transience: Readonly<Record<FaultKind, boolean>> = {
  invalid: false,
  unauthenticated: false,
  forbidden: false,
  not_found: false,
  gone: false,
  conflict: false,
  precondition_failed: false,
  too_large: false,
  unsupported_type: false,
  rate_limited: true,
  unavailable: true,
  outcome_unknown: false,
  internal: false,
};

test.each(Object.entries(transience))('whether a fault of kind %s may pass by itself is %s', (kind, transient) => {
  expect(isTransient(new Fault(kind as FaultKind, 'test.fault'))).toBe(transient);
});

test('an error of another kind is not transient', () => {
  expect(isTransient(new Error('unavailable'))).toBe(false);
  expect(isTransient({ kind: 'unavailable' })).toBe(false);
});

test('a fault carries its kind, code, data, fields, wait and cause', () => {
  const cause = new Error('socket');
  const fault = new Fault('rate_limited', 'channel.busy', { data: { shop: 's' }, retryAfterMs: 2_000, cause });
  expect(fault).toMatchObject({
    name: 'Fault',
    kind: 'rate_limited',
    code: 'channel.busy',
    message: 'channel.busy',
    data: { shop: 's' },
    fields: [],
    retryAfterMs: 2_000,
    cause,
  });
});

test('a fault without a cause has none, not an undefined one', () => {
  expect('cause' in new Fault('internal', 'x.y')).toBe(false);
});

test('a refused field is named in the message and in the fields', () => {
  expect(invalidField('lines.2.quantity', 'quantity.zero', 'must be at least 1')).toMatchObject({
    kind: 'invalid',
    code: 'input.invalid',
    message: 'lines.2.quantity: must be at least 1',
    fields: [{ path: 'lines.2.quantity', code: 'quantity.zero', message: 'must be at least 1' }],
  });
});
