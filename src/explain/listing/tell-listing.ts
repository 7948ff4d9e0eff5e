import { point, type Section, type Tale } from '../explanation.ts';
import { nothing } from '../words/data.ts';
import { tell, type Sentence } from '../words/sentences.ts';
import type { ListingFacts } from './listing-facts.ts';
import { tellNumber, tellPlaces } from './tell-number.ts';
import { tellShown } from './tell-shown.ts';

/** The tale of one listing: whether its channel shows the right number, and how that number comes about. */
export function tellListing(facts: ListingFacts): Tale {
  const { listing, shop, number, names } = facts;
  const { stand, next } = tellShown(facts);
  const places = number === null ? null : tellPlaces(facts, number);
  return {
    title: tell('listing.title', {
      title: listing.title,
      listing: listing.externalId,
      sku: names.sku,
      shop: shop.name,
    }),
    stand: { heading: tell('heading.stand', nothing), points: stand.map((sentence) => point(sentence)) },
    next: {
      heading: tell('heading.next', nothing),
      points: (next.length === 0 ? [tell('next.fine', nothing)] : next).map((sentence) => point(sentence)),
    },
    sections: [
      ...(number === null ? [] : [tellNumber(facts, number)]),
      ...(places === null ? [] : [places]),
      tellTold(facts),
    ],
  };
}

/** What was last told and last seen, as what a buyer may buy. */
function tellTold({ listing }: ListingFacts): Section<Sentence> {
  const { toldQuantity, toldAt, seenQuantity, seenAt } = listing;
  const wasTold = toldQuantity !== null && toldAt !== null;
  const wasSeen = seenQuantity !== null && seenAt !== null;
  const isOld = wasSeen && wasTold && seenAt < toldAt;
  return {
    heading: tell('heading.channel', nothing),
    points: [
      point(wasTold ? tell('told.at', { quantity: toldQuantity, at: toldAt }) : tell('told.never', nothing)),
      point(
        wasSeen
          ? tell(isOld ? 'seen.before' : 'seen.at', { quantity: seenQuantity, at: seenAt })
          : tell('seen.never', nothing),
      ),
    ],
  };
}
