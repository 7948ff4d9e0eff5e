export { acceptProposals } from './accept-proposals.ts';
export { advanceCursor, type CursorStep } from './advance-cursor.ts';
export { askForPolls } from './ask-for-polls.ts';
export { bumpShopListings } from './bump-shop-listings.ts';
export { bumpWantedVersions } from './bump-wanted-versions.ts';
export { changeShop, type ShopChange } from './change-shop.ts';
export { checkConnection } from './check-connection.ts';
export { connectShop, type NewShop } from './connect-shop.ts';
export { forgetTold } from './forget-told.ts';
export { findDueCursors, readCursor, type Cursor, type DueCursor } from './cursor-queries.ts';
export { cursorStreams, type CursorStream } from './cursor-streams.ts';
export type { ConnectorRegistry, ShopDeps } from './deps.ts';
export { describeChannel, type ChannelDescription } from './describe-channels.ts';
export type { ChannelEvent } from './events.ts';
export { shopLane } from './lane.ts';
export type { LaneStep, StepResult } from './lane-step.ts';
export {
  findListingsToTell,
  findShopsToTell,
  getListing,
  listListings,
  resolveListings,
  type ListingFilters,
  type ListingRow,
  type ListingToTell,
  type ResolvedListing,
} from './listing-queries.ts';
export { mapListings, type ListingMapping } from './map-listings.ts';
export { mapLocations, type LocationMapping } from './map-locations.ts';
export { openShop, openShopByWebhookKey, type ShopSession } from './open-shop.ts';
export { pauseShop } from './pause-shop.ts';
export {
  getShop,
  isCallable,
  listLocations,
  listShops,
  readHealth,
  type ShopHealth,
  type ShopLocation,
  type ShopRow,
} from './queries.ts';
export { missingListing, recordMissingListings } from './record-missing-listings.ts';
export { recordPushFailures, type PushFailure } from './record-push-failures.ts';
export { recordSeenStock, type SeenStock } from './record-seen-stock.ts';
export { recordShopFault } from './record-shop-fault.ts';
export { recordShopSuccess, type ShopSuccess } from './record-shop-success.ts';
export { recordTold, type ToldStock } from './record-told.ts';
export { refreshProposals } from './refresh-proposals.ts';
export { renewingAccess } from './renew-access.ts';
export { removeShop } from './remove-shop.ts';
export { countShopsRead, restartCursors, type ShopsRead } from './restart-cursors.ts';
export { resumeShop } from './resume-shop.ts';
export { rotateSecret } from './rotate-secret.ts';
export { channelRoutes } from './routes.ts';
export { storeListings, type StoredListings } from './store-listings.ts';
export { storeLocations } from './store-locations.ts';
export { unmapListings } from './unmap-listings.ts';
