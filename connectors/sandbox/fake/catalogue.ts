import { levelKey } from './levels.ts';
import type { ShopListing, ShopState } from './state.ts';

/** Product, its variants, and the price in minor units of a currency with two decimals. */
const products: readonly (readonly [title: string, stem: string, variants: readonly string[], priceMinor: number])[] = [
  ['Linen shirt 亚麻衬衫', 'SHIRT', ['S', 'M', 'L'], 3990],
  ['Canvas tote 帆布袋', 'TOTE', ['NAT', 'BLK'], 1490],
  ['Enamel mug 搪瓷杯', 'MUG', ['WHT', 'BLU'], 1250],
  ['Oolong tea 乌龙茶', 'TEA', ['100G', '250G'], 899],
  ['Bamboo tray 竹托盘', 'TRAY', ['STD'], 2175],
  ['Wool socks 羊毛袜', 'SOCK', ['36-40', '41-45'], 995],
  ['Desk lamp 台灯', 'LAMP', ['STD'], 5900],
  ['Notebook 笔记本', 'NOTE', ['A5', 'A6'], 725],
  ['Steel bottle 保温杯', 'BOTL', ['500', '750'], 2680],
  ['Soy candle 大豆蜡烛', 'CNDL', ['STD'], 1615],
  ['Rain jacket 雨衣', 'RAIN', ['M', 'L'], 7450],
];

const firstStock = 40;

/** A fresh shop. Ids are a function of the seed, so that two shops of one hub never share one. */
export function seedState(seed: number, currency: string, shopName: string): ShopState {
  const state: ShopState = {
    shopName,
    currency,
    locations: [],
    listings: [],
    levels: {},
    orders: {},
    webhookUrls: [],
    journal: [],
    sequence: seed * 1_000_000_000,
  };
  const nextId = (): string => (90_000_000_000_000_000_000n + BigInt((state.sequence += 1))).toString();
  state.locations = ['Harbour', 'Hillside'].map((name) => ({ id: nextId(), name }));
  for (const [title, stem, variants, priceMinor] of products) {
    const productId = nextId();
    for (const variant of variants) {
      const count = state.listings.length;
      const barcode = ean13(`690${String(seed % 1000).padStart(3, '0')}${String(count).padStart(6, '0')}`);
      state.listings.push(
        sellable(nextId(), productId, `${stem}-${variant}`, barcode, `${title} ${variant}`, priceMinor),
      );
    }
  }
  const card = sellable(nextId(), nextId(), 'GIFT-25', null, 'Gift card 礼品卡 25', 2500);
  state.listings.push({ ...card, tracksStock: false });
  for (const listing of state.listings.filter(({ tracksStock }) => tracksStock)) {
    state.locations.forEach(({ id }, index) => {
      state.levels[levelKey(listing.id, id)] = index === 0 ? firstStock : firstStock / 4;
    });
  }
  return state;
}

function sellable(
  id: string,
  productId: string,
  sku: string,
  barcode: string | null,
  title: string,
  priceMinor: number,
): ShopListing {
  return { id, productId, sku, barcode, title, priceMinor, isActive: true, tracksStock: true };
}

/** Adds the check digit to twelve digits (GS1 General Specifications §7.9). */
function ean13(digits: string): string {
  const sum = [...digits].reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3), 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}
