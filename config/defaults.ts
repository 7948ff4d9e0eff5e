/** Tunables, with their unit in the name. What an operator may change is an environment variable in `env.ts`. */

/** The writing side (`transact`). RELIABILITY: short, so that a stuck transaction is somebody's error and not everybody's. */
export const writePoolSize = 8;
export const lockTimeoutMs = 3_000;
export const statementTimeoutMs = 15_000;
export const idleInTransactionTimeoutMs = 30_000;
export const transactRetriesMax = 5;
export const transactRetryDelayMsMin = 10;
export const transactRetryDelayMsMax = 400;
export const connectTimeoutMs = 10_000;

/** The reading side (`read`). One statement in flight per connection, so that a slow list does not delay its neighbours. */
export const readPoolSize = 4;
export const readPipelineMax = 1;
export const snapshotPoolSize = 2;
export const snapshotStatementTimeoutMs = 120_000;

/** Migrations have their own limits: they wait for each other, and an index may take its time. */
export const migrationWaitMs = 300_000;
export const migrationLockTimeoutMs = 10_000;
export const migrationStatementTimeoutMs = 600_000;

/** Embedded PostgreSQL. */
export const embeddedMaxConnections = 200;
export const embeddedStartTimeoutMs = 60_000;
export const embeddedStopTimeoutMs = 30_000;
export const embeddedServerLogBytesMax = 10_000_000;

/** Lanes: a missed ring costs at most one sweep; a killed holder costs at most one lease. */
export const sweepIntervalMs = 2_000;
export const ringCoalesceMs = 100;
export const laneLeaseMs = 30_000;
export const laneBatchPerShopMax = 100;
/** Documents read or planned in one go, in which the process answers nobody; then others have their turn. */
export const documentsPerTurn = 16;

/**
 * Lanes of one kind drained at once by a worker (`LaneKind.slots` of a kind wins): so many that have not lasted for `laneQuickMs`,
 * and beside them those that have. One that has drained for `laneTurnMs` while others wait goes behind them.
 */
export const laneSlots = { quick: 4, slow: 4 } as const;
export const inboundSlots = { quick: 2, slow: 0 } as const;
export const outboundSlots = { quick: 8, slow: 24 } as const;
export const laneQuickMs = 3_000;
export const laneTurnMs = 1_000;
export const shutdownDrainMs = 25_000;

/** Retention of raw bodies (DESIGN §4). */
export const inboxBodyRetentionDays = 30;

/** Of attempts to deliver messages. */
export const deliveryLogRetentionDays = 30;

/** Calls of one step that tells stock, or reads it back, before the lane's next step has its turn; and its time. */
export const pushCallsPerStepMax = 10;
export const pushStepMsMax = 2_000;
export const readBackCallsPerStepMax = 4;

/** What may come in at the door. */
export const webhookBodyBytesMax = 2_000_000;
/** Webhooks that wait for one another's commit are written together; the pool is for the lanes too. */
export const webhookGroupMax = 100;
export const webhookGroupBytesMax = 4_000_000;
export const webhookGroupsAtOnceMax = 4;
export const webhookGroupsPerShopMax = 2;
/** At one address; more are answered 503. */
export const webhooksWaitingMax = 1_000;
export const webhookBytesWaitingMax = 32_000_000;
/** A channel is told to come again rather than kept waiting for a database that has fallen silent: its own limit is 5 to 30 s. */
export const webhookAnswerMsMax = 5_000;
/** Opened shops that a server keeps at hand, a few kB each. */
export const webhookShopsKeptMax = 2_000;

/** Reading from channels. A webhook makes a read due at once; these are for what no webhook tells. */
export const ordersPollIntervalMs = 10_000;
export const listingsPollIntervalMs = 600_000;
export const openOrderAgeMs = 20_000;
export const openOrdersCheckIntervalMs = 10_000;
export const openOrdersAskedMax = 200;
export const ordersSweepIntervalMs = 3_600_000;
export const webhookCheckIntervalMs = 6 * 3_600_000;
export const ordersSweepLookbackDays = 14;
export const orderReadBatchMax = 50;
export const orderReadAttemptsMax = 5;
export const orderReadRetryDelayMs = 60_000;
/** An order that the channel does not have is held when a read misses it so long after the first that did. */
export const missingOrderHeldAfterMs = 60_000;
export const pagesPerStepMax = 10;
export const bodiesDeletedPerPassMax = 1_000;

/** The audit's sealer: rows wait so long for their seal, and the head of the chain is kept outside so often. */
export const auditSealAfterMs = 5_000;
export const auditSealBatchMax = 500;
export const auditHeadKeptEveryMs = 600_000;

/** Backups: a good one that is older than this opens an exception, once an hour. */
export const backupAgeHoursMax = 50;
export const backupWatchCron = '41 * * * *';
export const backupProgressAfterMs = 2_000;

/** Figures for the doctor and for `/metrics`: no count walks more rows than this, and a scrape is answered from a cache. */
export const countedMax = 10_000;
export const figuresKeptMs = 5_000;
export const figuresShopsMax = 1_000;
export const backlogSampleKeptMs = 86_400_000;
export const backlogWindowMs = 600_000;
/** A backlog of no more rows is none to speak of; one that is larger and has grown for so long opens an exception. */
export const backlogSmall = 100;
export const backlogGrowsMinutesMax = 10;
export const doctorCheckTimeoutMs = 5_000;
export const doctorKeptMs = 10_000;
