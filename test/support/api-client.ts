/** A black-box client of `/api/v1`: knows a base address and a token, nothing of the code. */
export type ApiClient = {
  get<Answer>(path: string): Promise<Answer>;
  post<Answer>(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  put<Answer>(path: string, body: unknown): Promise<Answer>;
  patch<Answer>(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** The whole answer, whatever its status. */
  send(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** All pages of a list. */
  all<Item>(path: string): Promise<Item[]>;
};

class ApiError extends Error {
  readonly status: number;
  readonly problem: { readonly code?: string; readonly fields?: readonly { readonly path: string }[] };

  constructor(what: string, status: number, problem: ApiError['problem']) {
    super(`${what}: ${status} ${JSON.stringify(problem)}`);
    this.status = status;
    this.problem = problem;
  }
}

export function apiClient(origin: string, token: string): ApiClient {
  const send: ApiClient['send'] = (method, path, body, headers = {}) =>
    fetch(`${origin}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const call = async <Answer>(...words: Parameters<ApiClient['send']>): Promise<Answer> => {
    const answer = await send(...words);
    const text = await answer.text();
    const json: unknown = text === '' ? null : JSON.parse(text);
    if (!answer.ok) throw new ApiError(`${words[0]} ${words[1]}`, answer.status, json as ApiError['problem']);
    return json as Answer;
  };
  return {
    send,
    get: (path) => call('GET', path),
    post: (path, body, headers) => call('POST', path, body, headers),
    put: (path, body) => call('PUT', path, body),
    patch: (path, body, headers) => call('PATCH', path, body, headers),
    async all<Item>(path: string) {
      const items: Item[] = [];
      for (let after: string | null = ''; after !== null;) {
        const separator = path.includes('?') ? '&' : '?';
        const cursor: string = after === '' ? '' : `&after=${encodeURIComponent(after)}`;
        const page: { items: Item[]; next: string | null } = await call('GET', `${path}${separator}limit=200${cursor}`);
        items.push(...page.items);
        after = page.next;
      }
      return items;
    },
  };
}

export type ApiSeller = {
  readonly shopId: string;
  readonly webhookPath: string;
  readonly warehouseIds: readonly string[];
  /** By code. */
  readonly skuIds: ReadonlyMap<string, string>;
};

/** Looks until there is something; fails with `what` when that takes too long. */
export type Until = <Result>(what: string, look: () => Promise<Result | null>) => Promise<Result>;

/**
 * Furnishes an empty hub through its API: SKUs, two warehouses with `units` of each, a shop that they serve, its locations
 * and listings mapped once the hub has read them, stock pushing on.
 */
export async function furnish(
  api: ApiClient,
  seller: {
    readonly channel: string;
    readonly settings: unknown;
    readonly skus: readonly { readonly code: string; readonly title: string; readonly units: readonly number[] }[];
    readonly warehouses: readonly string[];
    /** Which of `warehouses` each location stands for, in the channel's order; absent: the same order. */
    readonly locationWarehouses?: readonly number[];
    readonly until: Until;
  },
): Promise<ApiSeller> {
  const products = seller.skus.map(({ code, title }) => ({
    title,
    skus: [{ code, title, weightG: null, barcodes: [] }],
  }));
  const created = await api.post<{ products: { skus: { code: string; skuId: string }[] }[] }>('/products', {
    products,
  });
  const skuIds = new Map(created.products.flatMap(({ skus }) => skus.map(({ code, skuId }) => [code, skuId] as const)));
  const warehouseIds: string[] = [];
  for (const [rank, code] of seller.warehouses.entries()) {
    const warehouse = { code, name: code, countryCode: 'DE', timeZone: 'Europe/Berlin' };
    const { warehouseId } = await api.post<{ warehouseId: string }>('/warehouses', warehouse);
    warehouseIds.push(warehouseId);
    const receipts = seller.skus
      .filter(({ units }) => (units[rank] ?? 0) > 0)
      .map(({ code: sku, units }) => ({
        skuId: skuIds.get(sku),
        warehouseId,
        quantity: units[rank],
        unitCost: null,
        costCurrency: null,
        lotId: null,
        note: null,
      }));
    if (receipts.length > 0) await api.post('/stock/receipts', { receipts });
  }
  const shop = await connectThroughApi(api, { ...seller, warehouseIds, listings: seller.skus.length });
  return { ...shop, warehouseIds, skuIds };
}

/**
 * Connects a shop that warehouses serve: its listings mapped to the SKUs of their codes and its locations to the warehouses,
 * once the hub has read them, stock pushing on.
 */
export async function connectThroughApi(
  api: ApiClient,
  shop: {
    readonly channel: string;
    readonly settings: unknown;
    readonly warehouseIds: readonly string[];
    /** How many must be read and have a SKU proposed. */
    readonly listings: number;
    readonly locationWarehouses?: readonly number[];
    readonly until: Until;
  },
): Promise<{ readonly shopId: string; readonly webhookPath: string }> {
  const { shopId, webhookPath } = await api.post<{ shopId: string; webhookPath: string }>('/shops', {
    channel: shop.channel,
    settings: shop.settings,
    claimsAt: 'placed',
    pushesStock: false,
  });
  const ranked = shop.warehouseIds.map((warehouseId, rank) => ({ warehouseId, rank }));
  await api.put(`/shops/${shopId}/warehouses`, { warehouses: ranked });
  await shop.until('every listing to be read and proposed', async () => {
    const listings = await api.all<{ proposedSkuId: string | null }>(`/listings?shopId=${shopId}`);
    return listings.filter((listing) => listing.proposedSkuId !== null).length >= shop.listings ? listings : null;
  });
  await api.post('/listings/accept', { shopId, listingIds: 'all' });
  const locations = await shop.until('the locations', async () => {
    const { items } = await api.get<{ items: { externalId: string }[] }>(`/shops/${shopId}/locations`);
    return items.length >= ranked.length ? items : null;
  });
  await api.put(`/shops/${shopId}/locations`, {
    locations: locations.map(({ externalId }, rank) => ({
      externalId,
      rank,
      warehouseId: shop.warehouseIds[shop.locationWarehouses?.[rank] ?? rank] ?? null,
    })),
  });
  const { version } = await api.get<{ version: number }>(`/shops/${shopId}`);
  await api.patch(`/shops/${shopId}`, { pushesStock: true }, { 'if-match': `"${version}"` });
  return { shopId, webhookPath };
}

/** Looks every 100 ms; fails with `what` after the deadline. */
export function untilWithin(deadlineMs: number): Until {
  return async (what, look) => {
    const deadline = Date.now() + deadlineMs;
    for (;;) {
      const found = await look();
      if (found !== null) return found;
      if (Date.now() > deadline) throw new Error(`waited ${deadlineMs} ms for ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
}
