-- What the buyer was charged where the channel does not round (Medusa: 92.86522 EUR), beside the total in minor units that is
-- it, rounded once.
-- Locks: orders for an instant (a column without a default, so no rewrite).

ALTER TABLE "orders" ADD COLUMN "charged_total" numeric;
