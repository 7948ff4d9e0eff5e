import { z } from 'zod';

/** The inputs that our documents send, as the schema of 3.7.3 has them. */

const units = z.array(z.object({ orderLineId: z.string(), quantity: z.number().int() }));

export const listOptions = z.object({
  options: z
    .object({
      take: z.number().int().optional(),
      skip: z.number().int().optional(),
      sort: z.record(z.string(), z.enum(['ASC', 'DESC'])).optional(),
      filter: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
    })
    .default({}),
});

export const signInInput = z.object({ username: z.string(), password: z.string() });

export const cancelInput = z.object({
  input: z.object({
    orderId: z.string(),
    lines: units.optional(),
    cancelShipping: z.boolean().optional(),
    reason: z.string().optional(),
  }),
});

export const refundInput = z.object({
  input: z.object({
    paymentId: z.string(),
    amount: z.number().int(),
    shipping: z.number().int().optional(),
    adjustment: z.number().int().optional(),
    lines: units.optional(),
    reason: z.string().optional(),
  }),
});

export const settleRefundInput = z.object({ input: z.object({ id: z.string(), transactionId: z.string() }) });

export const fulfilInput = z.object({
  input: z.object({
    lines: units,
    handler: z.object({ code: z.string(), arguments: z.array(z.object({ name: z.string(), value: z.string() })) }),
  }),
});

export const moveFulfilmentInput = z.object({ id: z.string(), state: z.string() });

export const setStockInput = z.object({
  input: z.array(
    z.object({
      id: z.string(),
      stockLevels: z.array(z.object({ stockLocationId: z.string(), stockOnHand: z.number().int() })),
    }),
  ),
});
