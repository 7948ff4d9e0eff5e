import { Fault, invalidField, newId, type FieldFault, type ProductId, type SkuId } from '../kernel/index.ts';

export type NewSku = {
  /** What people and channels call it: unique, 1 to 100 characters once trimmed, case matters. */
  readonly code: string;
  readonly title: string;
  readonly weightG: number | null;
  readonly barcodes: readonly string[];
};

export type NewProduct = { readonly title: string; readonly skus: readonly NewSku[] };

export type CreatedSku = { readonly skuId: SkuId; readonly code: string };
export type CreatedProduct = { readonly productId: ProductId; readonly skus: readonly CreatedSku[] };

const codeLengthMax = 100;
const titleLengthMax = 300;
/** Products or SKUs in one call. */
const catalogBatchMax = 1_000;
const weightGMax = 10_000_000;

/** A SKU that passed the checks, with its place in the input. */
export type SkuDraft = CreatedSku & {
  readonly productId: ProductId;
  readonly title: string;
  readonly weightG: number | null;
  readonly path: string;
};

export type BarcodeDraft = { readonly code: string; readonly skuId: SkuId; readonly path: string };

export function checkTitle(text: string, path: string): string {
  return checkText(text, path, titleLengthMax);
}

/** Trims a SKU code or a barcode. Throws Fault `input.invalid`, which names the field. */
export function checkCode(text: string, path: string): string {
  return checkText(text, path, codeLengthMax);
}

export function checkWeight(weightG: number | null, path: string): number | null {
  if (weightG === null || (Number.isInteger(weightG) && weightG > 0 && weightG <= weightGMax)) return weightG;
  throw invalidField(path, 'sku.bad_weight', `must be whole grams from 1 to ${weightGMax}`);
}

export function checkBatch(items: readonly unknown[], path: string): void {
  if (items.length === 0) throw invalidField(path, 'input.empty', 'must not be empty');
  if (items.length > catalogBatchMax)
    throw invalidField(path, 'input.too_many', `must have at most ${catalogBatchMax} items`);
}

/** Checks the SKUs of one product and gives them ids. */
export function draftSkus(
  productId: ProductId,
  skus: readonly NewSku[],
  path: string,
): { skus: SkuDraft[]; barcodes: BarcodeDraft[] } {
  const drafts: SkuDraft[] = [];
  const barcodes: BarcodeDraft[] = [];
  for (const [at, sku] of skus.entries()) {
    const here = `${path}.${at}`;
    const skuId = newId<'sku'>();
    drafts.push({
      skuId,
      productId,
      code: checkCode(sku.code, `${here}.code`),
      title: checkTitle(sku.title, `${here}.title`),
      weightG: checkWeight(sku.weightG, `${here}.weightG`),
      path: `${here}.code`,
    });
    for (const [nth, barcode] of sku.barcodes.entries()) {
      const barcodePath = `${here}.barcodes.${nth}`;
      barcodes.push({ code: checkCode(barcode, barcodePath), skuId, path: barcodePath });
    }
  }
  return { skus: drafts, barcodes };
}

type Coded = { readonly code: string; readonly path: string };

/** Those that repeat a code given earlier in the same batch. */
export function repeatedCodes<Item extends Coded>(items: readonly Item[]): Item[] {
  const seen = new Set<string>();
  return items.filter((item) => seen.size === seen.add(item.code).size);
}

/** Fault `sku.code_taken` or `barcode.taken`, which names every field at once. */
export function takenFault(code: 'sku.code_taken' | 'barcode.taken', taken: readonly Coded[]): Fault {
  const fields: FieldFault[] = taken.map(({ path }) => ({ path, code, message: 'is taken' }));
  return new Fault('conflict', code, {
    message: taken.map((item) => `${item.path}: ${item.code} is taken`).join('; '),
    data: { codes: taken.map((item) => item.code) },
    fields,
  });
}

function checkText(text: string, path: string, lengthMax: number): string {
  const trimmed = text.trim();
  if (trimmed === '') throw invalidField(path, 'text.empty', 'must not be empty');
  if (trimmed.length > lengthMax)
    throw invalidField(path, 'text.too_long', `must have at most ${lengthMax} characters`);
  if (hasControlCharacter(trimmed)) throw invalidField(path, 'text.control', 'must not contain control characters');
  return trimmed;
}

/** NUL does not fit Postgres, and a line break in a code breaks every list it is printed in. */
function hasControlCharacter(text: string): boolean {
  return /\p{Cc}/u.test(text);
}
