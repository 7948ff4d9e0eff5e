export type TaxClass = 'Standard' | 'Reduced' | 'Zero';

/** What the live shop sells. Prices in minor units, in the channel's tax basis; `stock` by location in the seeder's order. */
export type CatalogueItem = {
  readonly sku: string;
  readonly name: string;
  readonly price: number;
  readonly tax: TaxClass;
  readonly stock: readonly [number, number];
};

const item = (
  sku: string,
  name: string,
  price: number,
  tax: TaxClass,
  stock: readonly [number, number],
): CatalogueItem => ({
  sku,
  name,
  price,
  tax,
  stock,
});

export const catalogue: readonly CatalogueItem[] = [
  item('ROPE-10', 'Mooring rope 10 m', 3749, 'Standard', [60, 40]),
  item('ROPE-20', 'Mooring rope 20 m', 6995, 'Standard', [40, 20]),
  item('FENDER-S', 'Fender small', 1933, 'Standard', [80, 60]),
  item('FENDER-L', 'Fender large', 4187, 'Standard', [50, 30]),
  item('ANCHOR-4', 'Anchor 4 kg', 5899, 'Standard', [20, 15]),
  item('LAMP-DECK', 'Deck lamp', 3427, 'Standard', [45, 25]),
  item('LAMP-HEAD', 'Head lamp', 2211, 'Standard', [70, 30]),
  item('KNIFE-01', 'Rigging knife', 2799, 'Standard', [35, 35]),
  item('MUG-ENAM', 'Enamel mug', 1109, 'Standard', [120, 80]),
  item('TOWEL-L', 'Harbour towel', 2463, 'Standard', [90, 10]),
  item('BAG-DRY', 'Dry bag 20 l', 3333, 'Standard', [55, 45]),
  item('CAP-NAVY', 'Navy cap', 1787, 'Standard', [100, 50]),
  item('PEN-BRASS', 'Brass pen', 107, 'Standard', [500, 500]),
  item('COFFEE-500', 'Ship coffee 500 g', 1195, 'Reduced', [150, 90]),
  item('TEA-BLACK', 'Black tea', 639, 'Reduced', [140, 70]),
  item('BISCUIT', 'Ship biscuit', 355, 'Reduced', [200, 100]),
  item('HONEY-350', 'Heather honey', 877, 'Reduced', [65, 35]),
  item('CHART-N1', 'Sea chart north', 2990, 'Reduced', [40, 40]),
  item('CHART-S1', 'Sea chart south', 2990, 'Reduced', [40, 40]),
  item('STAMP-SET', 'Stamp set', 500, 'Zero', [300, 100]),
];

/** Ten per cent off the goods of an order. */
export const couponCode = 'SAVE10';
export const locationNames = ['Harbour', 'Hinterland'] as const;
