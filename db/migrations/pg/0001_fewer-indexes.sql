DROP INDEX "checkIns_visit";--> statement-breakpoint
DROP INDEX "visits_person";--> statement-breakpoint
DROP INDEX "visits_doctor_day";--> statement-breakpoint
CREATE UNIQUE INDEX "visits_doctor_day" ON "visits" USING btree ("person","day",(case when "tally" is null then "id" else '' end));