import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { custom } from '../../connectors/custom/index.ts';
import { useReturns } from '../../test/support/factories/returns-world.ts';
import { figures, tellFigure } from '../../test/support/figures.ts';
import {
  badBodies,
  badJsonValues,
  badQueryValues,
  jsonWith,
  placesIn,
} from '../../test/support/requests/bad-values.ts';
import { openFace, tokenOf } from '../../test/support/requests/face.ts';
import { connectOwnShop } from '../../test/support/requests/own-shop.ts';
import { readOperations, type ApiDocument, type Operation } from '../../test/support/requests/operations.ts';
import { resolverOf, sampleOf } from '../../test/support/requests/sample.ts';
import { firstRow } from '../platform/db/index.ts';

/** Every route of the API's own document, with requests made from its schemas and then spoilt in one place. */

const bench = useReturns();
const nobody = '01936e9e-0000-7000-8000-0000000000ff';
const answers = new Map<number, number>();
let app: ReturnType<typeof openFace>;
let api: ApiDocument;
/** Ids that exist, by the name of the field that holds them. */
let known: ReadonlyMap<string, string>;
let ownShopId: string;

beforeAll(async () => {
  const world = await bench.open();
  const order = await world.sell('o1', [['listing-1', 3]]);
  await world.allocate();
  const [parcel] = await world.parcels(order.orderId);
  const { returnId } = await world.enter(await world.sellAndShip('o2', [['listing-1', 2]]), [1]);
  const tables = {
    listingId: 'listings',
    productId: 'products',
    orderLineId: 'order_lines',
    partId: 'order_line_parts',
    shipmentLineId: 'shipment_lines',
  };
  known = new Map([
    ...(await Promise.all(Object.entries(tables).map(async ([field, table]) => [field, await idIn(table)] as const))),
    ['shopId', world.shopId],
    ['skuId', world.skus[0]],
    ['warehouseId', world.warehouseId],
    ['orderId', order.orderId],
    ['shipmentId', parcel?.shipmentId ?? nobody],
    ['returnId', returnId],
    ['currency', 'EUR'],
    ['countryCode', 'DE'],
    ['timeZone', 'Europe/Berlin'],
  ]);
  const deps = { ...bench.deps(), connectors: new Map([...bench.deps().connectors, ['custom', custom]]) };
  ({ shopId: ownShopId } = await connectOwnShop(bench.database, deps));
  app = openFace(deps, bench.database.url);
  api = await readOperations(app);
});

afterAll(() => {
  const requests = [...answers.values()].reduce((sum, count) => sum + count, 0);
  const byStatus = [...answers].toSorted(([a], [b]) => a - b).map(([status, count]) => `${count} × ${status}`);
  return tellFigure(
    'every route × spoilt paths, queries, bodies and fields',
    `${requests} requests: ${byStatus.join(', ')}`,
  );
});

async function idIn(table: string): Promise<string> {
  const row = await bench.database.read((db) =>
    firstRow<{ id: string }>(db, sql`select id from ${sql.raw(table)} order by id limit 1`),
  );
  return row?.id ?? nobody;
}

type Problem = { readonly code?: string; readonly fields?: readonly { readonly path: string }[] };

/** Sends a request and says what is wrong with its answer; null where it is one of those that the document names. */
async function wrongWith(
  { method, statuses }: Operation,
  url: string,
  body?: string | Uint8Array,
  contentType = 'application/json',
): Promise<string | null> {
  const answer = await app.request(url, {
    method,
    headers: {
      authorization: `Bearer ${tokenOf('*')}`,
      'if-match': '"1"',
      ...(contentType === '' ? {} : { 'content-type': contentType }),
    },
    ...(body === undefined || method === 'GET' ? {} : { body: body as NonNullable<RequestInit['body']> }),
  });
  const { status } = answer;
  answers.set(status, (answers.get(status) ?? 0) + 1);
  const text = await answer.text();
  if (status >= 500) return String(status);
  if (!statuses.includes(status)) return `${status} is not documented`;
  return answer.ok ? null : lackOf(JSON.parse(text) as Problem);
}

/** What a problem lacks: its code, or the fields of an input that is not valid. */
function lackOf({ code, fields = [] }: Problem): string | null {
  if (code === undefined) return 'a problem without a code';
  const isNamed = fields.length > 0 && fields.every(({ path }) => path !== '');
  return code !== 'input.invalid' || isNamed ? null : 'names no field';
}

/** Nothing is deleted, and what only a store of one's own may do is done to such a shop. */
function urlOf({ method, path }: Operation, given: Readonly<Record<string, string>> = {}): string {
  const isOwn = /\/(orders|listings|secret|deliveries)\b/.test(path);
  const idOf = (name: string): string =>
    method === 'DELETE' ? nobody : ((name === 'shopId' && isOwn ? ownShopId : known.get(name)) ?? nobody);
  return path.replaceAll(/\{([^}]+)\}/g, (_, name: string) => given[name] ?? idOf(name));
}

function bodyOf({ body }: Operation): unknown {
  return body === null ? undefined : sampleOf(body, resolverOf(api.schemas), (field) => known.get(field));
}

type Request = readonly [what: string, send: () => Promise<string | null>];

/** Sends one in so many of the requests that are made for each route; gives those that were answered wrongly. */
async function wrongAnswers(of: (operation: Operation) => Iterable<Request>, oneIn = figures.badRequestsOneIn) {
  const wrong: string[] = [];
  let count = 0;
  for (const operation of api.operations) {
    for (const [what, send] of of(operation)) {
      count += 1;
      const found = count % oneIn === 0 ? await send() : null;
      if (found !== null) wrong.push(`${operation.name}, ${what}: ${found}`);
    }
  }
  expect(count).toBeGreaterThan(api.operations.length - 1);
  return wrong;
}

test('whatever its document calls valid is answered as the document says', async () => {
  const wrong = await wrongAnswers(function* (operation) {
    yield ['as it is', () => wrongWith(operation, urlOf(operation), JSON.stringify(bodyOf(operation)))];
  }, 1);
  expect(wrong).toEqual([]);
});

test('no path is answered with a 500', async () => {
  const wrong = await wrongAnswers(function* (operation) {
    for (const { name } of operation.parameters.filter((each) => each.in === 'path')) {
      for (const [what, value] of Object.entries(badQueryValues).filter(([, each]) => each !== '')) {
        const url = urlOf(operation, { [name]: value });
        yield [`${name} is ${what}`, () => wrongWith(operation, url, JSON.stringify(bodyOf(operation)))];
      }
    }
  });
  expect(wrong).toEqual([]);
});

test('no query is answered with a 500', async () => {
  const wrong = await wrongAnswers(function* (operation) {
    for (const { name } of operation.parameters.filter((each) => each.in === 'query')) {
      for (const [what, value] of Object.entries(badQueryValues)) {
        const url = `${urlOf(operation)}?${name}=${value}`;
        yield [`${name} is ${what}`, () => wrongWith(operation, url)];
        yield [`${name} is twice ${what}`, () => wrongWith(operation, `${url}&${name}=${value}`)];
      }
    }
  });
  expect(wrong).toEqual([]);
});

test('no body is answered with a 500', async () => {
  const types = ['text/plain', 'multipart/form-data; boundary=x', 'application/json; charset=gbk', ''];
  const wrong = await wrongAnswers(function* (operation) {
    if (operation.method === 'GET') return;
    for (const [what, body] of Object.entries(badBodies)) {
      yield [what, () => wrongWith(operation, urlOf(operation), body)];
    }
    for (const type of types) {
      yield [`JSON as ${type}`, () => wrongWith(operation, urlOf(operation), '{"a":1}', type)];
    }
  });
  expect(wrong).toEqual([]);
});

test('no value of any field is answered with a 500', async () => {
  const wrong = await wrongAnswers(function* (operation) {
    const sample = bodyOf(operation);
    for (const place of placesIn(sample)) {
      for (const [what, value] of [...Object.entries(badJsonValues), ['left out', null] as const]) {
        const body = jsonWith(sample, place, value);
        yield [`${place.join('.')} is ${what}`, () => wrongWith(operation, urlOf(operation), body)];
      }
    }
  });
  expect(wrong).toEqual([]);
});
