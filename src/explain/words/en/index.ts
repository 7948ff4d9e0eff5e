import type { Words } from '../sentences.ts';
import { enAfter } from './after.ts';
import { enGoods } from './goods.ts';
import { enListing } from './listing.ts';
import { enStand } from './stand.ts';
import { enStory } from './story.ts';

export const en: Words = { ...enStand, ...enStory, ...enGoods, ...enListing, ...enAfter };
