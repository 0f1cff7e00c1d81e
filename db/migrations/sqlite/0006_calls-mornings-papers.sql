CREATE TABLE `calls` (
	`person` text NOT NULL,
	`seq` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `calls_person` ON `calls` (`person`,`seq`);--> statement-breakpoint
CREATE INDEX `calls_seq` ON `calls` (`seq`);--> statement-breakpoint
CREATE INDEX `visits_morning` ON `visits` (`person`,`day`) WHERE "am" and not "pm" and "planned" and "state" = 'on';--> statement-breakpoint
CREATE INDEX `checkIns_for_others` ON `checkIns` (`by`,`at`) WHERE "kind" = 'stand-in' or "kind" = 'late';