DROP INDEX `visits_present`;--> statement-breakpoint
CREATE INDEX `visits_present` ON `visits` (`county`,`programme`,`day`,`person`,`clinic`,`hospital`) WHERE "state" = 'on' and "presence" = 'present';--> statement-breakpoint
CREATE INDEX `workloads_hospital` ON `workloads` (`hospital`,`day`);