DROP INDEX "outbox_topic";--> statement-breakpoint
CREATE INDEX "outbox_topic" ON "outbox" USING btree ("topic") WHERE "topic" is not null;