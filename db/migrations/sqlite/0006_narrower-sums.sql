DROP INDEX `postings_county`;--> statement-breakpoint
CREATE INDEX `postings_county` ON `postings` (`county`,`programme`,`from`,`until`,`clinic`,`hospital`);--> statement-breakpoint
DROP INDEX `visits_sums`;--> statement-breakpoint
CREATE INDEX `visits_present` ON `visits` (`person`,`day`,`clinic`,`programme`,`hospital`) WHERE "state" = 'on' and "presence" = 'present';--> statement-breakpoint
CREATE INDEX `visits_sums` ON `visits` (`county`,`programme`,`day`,`tally`,`tallyHalf`,`planned`,`state`,`presence`,`am`,`clinic`,`hospital`,`person`);--> statement-breakpoint
DROP INDEX `workloads_county`;--> statement-breakpoint
CREATE INDEX `workloads_county` ON `workloads` (`county`,`programme`,`day`,`person`,`clinic`,`hospital`,`figures`);