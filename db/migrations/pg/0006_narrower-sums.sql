DROP INDEX "visits_sums";--> statement-breakpoint
CREATE INDEX "visits_present" ON "visits" USING btree ("person","day","clinic","programme","hospital") WHERE "state" = 'on' and "presence" = 'present';--> statement-breakpoint
CREATE INDEX "visits_sums" ON "visits" USING btree ("county","programme","day","tally","tallyHalf","planned","state","presence","am","clinic","hospital","person");