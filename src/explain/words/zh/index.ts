import type { Words } from '../sentences.ts';
import { zhAfter } from './after.ts';
import { zhGoods } from './goods.ts';
import { zhListing } from './listing.ts';
import { zhStand } from './stand.ts';
import { zhStory } from './story.ts';

export const zh: Words = { ...zhStand, ...zhStory, ...zhGoods, ...zhListing, ...zhAfter };
