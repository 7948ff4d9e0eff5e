import { describe, expect, it } from 'vitest';
import { conformanceCases } from '../../src/connector-kit/conformance/index.ts';
import { ChannelFault, type AnyConnector } from '../../src/connector-kit/index.ts';
import { vendureHarness } from './harness.ts';
import { vendure } from './index.ts';
import { orders } from './orders.ts';
import { eachForItself, neverAgain, remembersFailure } from './plants/broken-sessions.ts';
import {
  callsAllTold,
  leavesRefusedOut,
  readsItsMemory,
  skipsTheKnown,
  stopsAtTheFirst,
} from './plants/broken-stock.ts';
import { through, throughFetch } from './plants/through-fetch.ts';
import { vendureSettings } from './settings.ts';
import { toChannelOrder } from './to-channel-order.ts';

const good: AnyConnector = vendure;

type Plant = readonly [caseName: keyof typeof conformanceCases, what: string, connector: AnyConnector, message: RegExp];

const withOrders = (changed: Partial<AnyConnector['orders']>): AnyConnector => ({
  ...good,
  orders: { ...good.orders, ...changed },
});
const withStock = (stock: NonNullable<AnyConnector['stock']>): AnyConnector => ({ ...good, stock });

/** What the server answered, told in a fault. */
const quoting = throughFetch(good, async (inner, request) => {
  const response = await inner(request);
  if (response.ok) return response;
  throw new ChannelFault({ kind: 'rejected', code: `http_${response.status}`, detail: await response.text() });
});

const stubborn = throughFetch(good, async (inner, request) => {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const response = await inner(request.clone());
    if (response.status !== 429) return response;
  }
  return inner(request);
});

const timesOut = throughFetch(good, async (inner, request) => {
  const response = await inner(request);
  return response.status === 502 ? new Response('{}', { status: 503 }) : response;
});

const loggingRequests = throughFetch(good, (inner, request, io) => {
  io.log.debug({ authorization: request.headers.get('authorization') }, 'request');
  return inner(request);
});

const tellingPassword = through(good, (io) => ({
  ...io,
  fetch: (input, init) =>
    io.fetch(input, init).catch((cause: unknown) => {
      const { username, password } = vendureSettings.parse(io.settings);
      throw new Error(`no answer for ${username}:${password ?? ''}`, { cause });
    }),
}));

const plants: readonly Plant[] = [
  ['paging', 'shows an order twice while none moves', withOrders({ pullOrders: showsAgain }), /twice by one poll/],
  ['faults', 'tries a throttled call again by itself', stubborn, /requests: a refusal/],
  ['faults', 'calls a 502 of a write an outage', timesOut, /not outcome_unknown/],
  ['sessions', 'signs in for each call that is refused', eachForItself(good), /signed in 12 times/],
  ['sessions', 'signs in once in its life', neverAgain(good), /unauthorised/],
  ['sessions', 'remembers a sign-in that failed', remembersFailure(good), /unauthorised/],
  ['partialBatch', 'stops at the first refusal', withStock(stopsAtTheFirst), /shows some of its numbers/],
  ['partialBatch', 'calls all of a batch told', withStock(callsAllTold), /is told/],
  ['partialBatch', 'says nothing of what was refused', withStock(leavesRefusedOut), /have 2 results/],
  ['stockOrder', 'skips a number that it has told before', withStock(skipsTheKnown()), /thought to be known/],
  ['stockOrder', 'reads back what it told', withStock(readsItsMemory()), /does not tell what the channel shows/],
  ['unknownWords', 'takes an unknown state for paid', withOrders({ toChannelOrder: guesses }), /somebody guessed/],
  [
    'unknownWords',
    'fails the page that brings it',
    withOrders({ pullOrders: translatesPages('throw') }),
    /unknown order/,
  ],
  ['unknownWords', 'leaves the order out', withOrders({ pullOrders: translatesPages('omit') }), /is not shown/],
  ['unknownWords', 'throws an error of its own', withOrders({ toChannelOrder: ownError }), /not a ChannelFault/],
  ['silent', 'logs its requests', loggingRequests, /holds a secret/],
  ['silent', 'tells its password where no answer came', tellingPassword, /holds a secret/],
  ['silent', 'quotes an error page', quoting, /holds (a secret|personal data)/],
  ['silent', 'logs the orders it reads', withOrders({ pullOrders: logsOrders }), /holds personal data/],
];

describe('the conformance suite catches a connector that', () => {
  it.each(plants.map((plant) => [plant[1], plant] as const))('%s', async (_, [name, , connector, message]) => {
    await expect(conformanceCases[name].run({ ...vendureHarness, connector })).rejects.toThrow(message);
  });
});

describe('the conformance suite catches a harness that', () => {
  const { lacking, ...silent } = vendureHarness;

  it('does not say why it lacks a part', async () => {
    await expect(conformanceCases.parts.run(silent)).rejects.toThrow(/no splitOrder, and does not say why/);
  });

  it('says that it lacks what it has, or gives no reason', async () => {
    const denying = { ...silent, lacking: { ...lacking, sessions: 'there are none' } };
    await expect(conformanceCases.parts.run(denying)).rejects.toThrow(/says it has not/);
    const mute = { ...silent, lacking: { splitOrder: ' ' } };
    await expect(conformanceCases.parts.run(mute)).rejects.toThrow(/for no reason/);
  });

  it('names personal data that no order carries', async () => {
    const open: typeof vendureHarness.open = async () => ({
      ...(await vendureHarness.open()),
      personalData: ['Nemo Nobody'],
    });
    await expect(conformanceCases.silent.run({ ...vendureHarness, open })).rejects.toThrow(/no order of the fake/);
  });
});

function guesses(body: string): ReturnType<typeof toChannelOrder> {
  return toChannelOrder(body.replaceAll(/wharf_never_heard_\d/g, 'PaymentSettled'));
}

function ownError(body: string): ReturnType<typeof toChannelOrder> {
  try {
    return toChannelOrder(body);
  } catch {
    throw new TypeError('what is this?');
  }
}

/** Reads the meaning of every order while it pages. */
function translatesPages(onTrouble: 'throw' | 'omit'): typeof orders.pullOrders {
  return async (io, state, since) => {
    const page = await orders.pullOrders(io, state, since);
    const items = page.items.filter(({ body }) => {
      try {
        return toChannelOrder(body).number !== '';
      } catch (error) {
        if (onTrouble === 'throw') throw error;
        return false;
      }
    });
    return { ...page, items };
  };
}

async function showsAgain(...given: Parameters<typeof orders.pullOrders>): ReturnType<typeof orders.pullOrders> {
  const page = await orders.pullOrders(...given);
  return { ...page, items: [...page.items, ...page.items.slice(0, 1)] };
}

async function logsOrders(...given: Parameters<typeof orders.pullOrders>): ReturnType<typeof orders.pullOrders> {
  const page = await orders.pullOrders(...given);
  for (const { body } of page.items) given[0].log.debug({ body }, 'order');
  return page;
}
