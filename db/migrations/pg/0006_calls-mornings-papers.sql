CREATE TABLE "calls" (
	"person" text COLLATE "C" NOT NULL,
	"seq" bigint NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "calls_person" ON "calls" USING btree ("person","seq");--> statement-breakpoint
CREATE INDEX "calls_seq" ON "calls" USING btree ("seq");--> statement-breakpoint
CREATE INDEX "visits_morning" ON "visits" USING btree ("person","day") WHERE "am" and not "pm" and "planned" and "state" = 'on';--> statement-breakpoint
CREATE INDEX "checkIns_for_others" ON "checkIns" USING btree ("by","at") WHERE "kind" = 'stand-in' or "kind" = 'late';