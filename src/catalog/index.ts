export { addBarcodes, type NewBarcodes } from './add-barcodes.ts';
export { addSkus, type NewProductSkus } from './add-skus.ts';
export { changeProduct, type ProductChange } from './change-product.ts';
export { changeSku, type SkuChange } from './change-sku.ts';
export type { CreatedProduct, CreatedSku, NewProduct, NewSku } from './check-products.ts';
export { createProducts } from './create-products.ts';
export type { CatalogEvent } from './events.ts';
export {
  findSkusByBarcodes,
  findSkusByCodes,
  getProduct,
  getSku,
  listProducts,
  listSkus,
  readSkus,
  type ProductRow,
  type SkuRow,
} from './queries.ts';
export { removeBarcodes } from './remove-barcodes.ts';
export { catalogRoutes } from './routes.ts';
