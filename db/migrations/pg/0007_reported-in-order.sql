DROP INDEX "visits_present";--> statement-breakpoint
CREATE INDEX "workloads_hospital" ON "workloads" USING btree ("hospital","day");--> statement-breakpoint
CREATE INDEX "visits_present" ON "visits" USING btree ("county","programme","day","person","clinic","hospital") WHERE "state" = 'on' and "presence" = 'present';