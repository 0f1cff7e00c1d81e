CREATE TABLE `acceptances` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`by` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `acceptances_id` ON `acceptances` (`id`);--> statement-breakpoint
CREATE TABLE `accounts` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`platform` text NOT NULL,
	`app` text NOT NULL,
	`account` text NOT NULL,
	`person` text NOT NULL,
	`state` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `accounts_id` ON `accounts` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `accounts_bound` ON `accounts` (`platform`,`app`,`account`) WHERE "state" = 'bound';--> statement-breakpoint
CREATE INDEX `accounts_person` ON `accounts` (`person`);--> statement-breakpoint
CREATE TABLE `calendarDays` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`work` integer NOT NULL,
	`name` text NOT NULL,
	`source` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `calendarDays_id` ON `calendarDays` (`id`);--> statement-breakpoint
CREATE TABLE `checkIns` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`visit` text NOT NULL,
	`person` text NOT NULL,
	`clinic` text NOT NULL,
	`day` text NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	`kind` text NOT NULL,
	`note` text,
	`near` integer,
	`leftAt` integer,
	`delayed` integer NOT NULL,
	`paper` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `checkIns_id` ON `checkIns` (`id`);--> statement-breakpoint
CREATE INDEX `checkIns_visit` ON `checkIns` (`visit`);--> statement-breakpoint
CREATE INDEX `checkIns_person` ON `checkIns` (`person`,`day`);--> statement-breakpoint
CREATE TABLE `codes` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`usedBy` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `codes_id` ON `codes` (`id`);--> statement-breakpoint
CREATE TABLE `drafts` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`programme` text,
	`by` text NOT NULL,
	`at` integer NOT NULL,
	`rows` text,
	`from` text,
	`state` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `drafts_id` ON `drafts` (`id`);--> statement-breakpoint
CREATE INDEX `drafts_by` ON `drafts` (`by`,`state`);--> statement-breakpoint
CREATE TABLE `grants` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`person` text NOT NULL,
	`role` text NOT NULL,
	`org` text NOT NULL,
	`office` text,
	`county` text,
	`deputy` integer NOT NULL,
	`from` text NOT NULL,
	`until` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `grants_id` ON `grants` (`id`);--> statement-breakpoint
CREATE INDEX `grants_person` ON `grants` (`person`);--> statement-breakpoint
CREATE INDEX `grants_org` ON `grants` (`org`,`role`);--> statement-breakpoint
CREATE INDEX `grants_county` ON `grants` (`county`,`role`);--> statement-breakpoint
CREATE TABLE `groups` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`platform` text NOT NULL,
	`app` text NOT NULL,
	`conversation` text NOT NULL,
	`name` text NOT NULL,
	`orgs` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `groups_id` ON `groups` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `groups_conversation` ON `groups` (`platform`,`app`,`conversation`);--> statement-breakpoint
CREATE TABLE `inbox` (
	`seq` integer PRIMARY KEY NOT NULL,
	`platform` text NOT NULL,
	`app` text NOT NULL,
	`eventId` text NOT NULL,
	`conversation` text NOT NULL,
	`account` text NOT NULL,
	`sentAt` integer NOT NULL,
	`receivedAt` integer NOT NULL,
	`state` text,
	`code` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `inbox_event` ON `inbox` (`platform`,`app`,`eventId`);--> statement-breakpoint
CREATE TABLE `jobRuns` (
	`job` text NOT NULL,
	`slot` integer NOT NULL,
	`ranAt` integer NOT NULL,
	`result` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `jobRuns_run` ON `jobRuns` (`job`,`slot`);--> statement-breakpoint
CREATE INDEX `jobRuns_slot` ON `jobRuns` (`slot`);--> statement-breakpoint
CREATE TABLE `journal` (
	`seq` integer PRIMARY KEY NOT NULL,
	`turn` integer NOT NULL,
	`at` integer NOT NULL,
	`sentAt` integer NOT NULL,
	`actor` text,
	`command` text NOT NULL,
	`table` text NOT NULL,
	`row` text NOT NULL,
	`before` text,
	`after` text,
	`source` text NOT NULL,
	`hash` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `journal_actor` ON `journal` (`actor`,`seq`);--> statement-breakpoint
CREATE INDEX `journal_turn` ON `journal` (`turn`);--> statement-breakpoint
CREATE INDEX `journal_row` ON `journal` (`row`,`table`,`seq`);--> statement-breakpoint
CREATE INDEX `journal_names` ON `journal` (`seq`) WHERE "table" = 'orgs' or "table" = 'people';--> statement-breakpoint
CREATE TABLE `locks` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`wrong` integer NOT NULL,
	`until` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `locks_id` ON `locks` (`id`);--> statement-breakpoint
CREATE TABLE `meta` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `moves` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`visit` text NOT NULL,
	`toDay` text,
	`am` integer NOT NULL,
	`pm` integer NOT NULL,
	`reason` text NOT NULL,
	`by` text NOT NULL,
	`waitsFor` text NOT NULL,
	`state` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `moves_id` ON `moves` (`id`);--> statement-breakpoint
CREATE INDEX `moves_visit` ON `moves` (`visit`);--> statement-breakpoint
CREATE INDEX `moves_waiting` ON `moves` (`waitsFor`) WHERE "state" = 'waiting';--> statement-breakpoint
CREATE TABLE `orgs` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`level` text NOT NULL,
	`name` text NOT NULL,
	`names` text NOT NULL,
	`city` text,
	`district` text,
	`parent` text,
	`county` text,
	`type` text,
	`phone` text,
	`phoneMask` text,
	`need` text,
	`order` integer,
	`place` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `orgs_id` ON `orgs` (`id`);--> statement-breakpoint
CREATE INDEX `orgs_name` ON `orgs` (`name`);--> statement-breakpoint
CREATE INDEX `orgs_county` ON `orgs` (`county`,`kind`);--> statement-breakpoint
CREATE TABLE `outbox` (
	`seq` integer PRIMARY KEY NOT NULL,
	`turn` integer NOT NULL,
	`key` text NOT NULL,
	`topic` text,
	`platform` text NOT NULL,
	`app` text NOT NULL,
	`conversation` text NOT NULL,
	`place` text NOT NULL,
	`class` text NOT NULL,
	`card` text NOT NULL,
	`notBefore` integer NOT NULL,
	`expires` integer,
	`replyTo` text,
	`state` text NOT NULL,
	`attempts` integer NOT NULL,
	`providerId` text,
	`error` text,
	`createdAt` integer NOT NULL,
	`settledAt` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `outbox_key` ON `outbox` (`key`);--> statement-breakpoint
CREATE INDEX `outbox_waiting` ON `outbox` (`state`,`notBefore`,`seq`) WHERE "state" = 'pending' or "state" = 'sending';--> statement-breakpoint
CREATE INDEX `outbox_trouble` ON `outbox` (`state`,`seq`) WHERE "state" = 'failed' or "state" = 'unknown';--> statement-breakpoint
CREATE INDEX `outbox_topic` ON `outbox` (`topic`) WHERE "state" = 'pending' and "topic" is not null;--> statement-breakpoint
CREATE INDEX `outbox_unasked` ON `outbox` (`conversation`,`settledAt`) WHERE "state" = 'sent' and "class" <> 'reply';--> statement-breakpoint
CREATE TABLE `people` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`name` text NOT NULL,
	`phone` text,
	`phoneMask` text,
	`phoneIndex` text,
	`phoneFull` integer NOT NULL,
	`title` text,
	`specialty` text,
	`hospital` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `people_id` ON `people` (`id`);--> statement-breakpoint
CREATE INDEX `people_name` ON `people` (`name`);--> statement-breakpoint
CREATE INDEX `people_phone` ON `people` (`phoneIndex`) WHERE "phoneIndex" is not null;--> statement-breakpoint
CREATE INDEX `people_hospital` ON `people` (`hospital`);--> statement-breakpoint
CREATE TABLE `postings` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`programme` text NOT NULL,
	`county` text NOT NULL,
	`person` text NOT NULL,
	`clinic` text NOT NULL,
	`hospital` text NOT NULL,
	`title` text,
	`specialty` text,
	`need` text,
	`from` text NOT NULL,
	`until` text,
	`arranged` integer NOT NULL,
	`roster` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `postings_id` ON `postings` (`id`);--> statement-breakpoint
CREATE INDEX `postings_person` ON `postings` (`person`);--> statement-breakpoint
CREATE INDEX `postings_clinic` ON `postings` (`clinic`);--> statement-breakpoint
CREATE INDEX `postings_hospital` ON `postings` (`hospital`);--> statement-breakpoint
CREATE INDEX `postings_county` ON `postings` (`county`,`programme`);--> statement-breakpoint
CREATE TABLE `programmes` (
	`key` text PRIMARY KEY NOT NULL,
	`programme` text NOT NULL,
	`text` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `publications` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`programme` text NOT NULL,
	`org` text NOT NULL,
	`month` text NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `publications_id` ON `publications` (`id`);--> statement-breakpoint
CREATE INDEX `publications_month` ON `publications` (`month`,`org`);--> statement-breakpoint
CREATE TABLE `questions` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`conversation` text NOT NULL,
	`account` text NOT NULL,
	`text` text NOT NULL,
	`day` text NOT NULL,
	`expires` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `questions_id` ON `questions` (`id`);--> statement-breakpoint
CREATE INDEX `questions_expires` ON `questions` (`expires`);--> statement-breakpoint
CREATE TABLE `requests` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`platform` text NOT NULL,
	`app` text NOT NULL,
	`account` text NOT NULL,
	`person` text,
	`name` text NOT NULL,
	`org` text,
	`role` text,
	`office` text,
	`state` text NOT NULL,
	`at` integer NOT NULL,
	`decidedBy` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `requests_id` ON `requests` (`id`);--> statement-breakpoint
CREATE INDEX `requests_waiting` ON `requests` (`platform`,`app`,`account`) WHERE "state" = 'waiting';--> statement-breakpoint
CREATE TABLE `rosters` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`programme` text NOT NULL,
	`county` text NOT NULL,
	`from` text NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	`rows` integer NOT NULL,
	`says` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `rosters_id` ON `rosters` (`id`);--> statement-breakpoint
CREATE INDEX `rosters_county` ON `rosters` (`county`,`programme`);--> statement-breakpoint
CREATE TABLE `sessions` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`person` text NOT NULL,
	`kind` text NOT NULL,
	`expires` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_id` ON `sessions` (`id`);--> statement-breakpoint
CREATE INDEX `sessions_expires` ON `sessions` (`expires`);--> statement-breakpoint
CREATE INDEX `sessions_person` ON `sessions` (`person`);--> statement-breakpoint
CREATE TABLE `settings` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`key` text NOT NULL,
	`org` text NOT NULL,
	`value` text NOT NULL,
	`by` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `settings_id` ON `settings` (`id`);--> statement-breakpoint
CREATE INDEX `settings_org` ON `settings` (`org`);--> statement-breakpoint
CREATE TABLE `visits` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`programme` text NOT NULL,
	`county` text NOT NULL,
	`person` text NOT NULL,
	`clinic` text NOT NULL,
	`hospital` text NOT NULL,
	`posting` text,
	`day` text NOT NULL,
	`am` integer NOT NULL,
	`pm` integer NOT NULL,
	`type` text NOT NULL,
	`planned` integer NOT NULL,
	`state` text NOT NULL,
	`moved` text,
	`reason` text,
	`checkedIn` integer,
	`late` integer NOT NULL,
	`presence` text,
	`verifiedBy` text,
	`verifiedAt` integer,
	`verifiedAs` text,
	`tally` text,
	`tallyHalf` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `visits_id` ON `visits` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `visits_doctor_day` ON `visits` (`person`,`day`) WHERE "tally" is not null;--> statement-breakpoint
CREATE INDEX `visits_person` ON `visits` (`person`,`day`);--> statement-breakpoint
CREATE INDEX `visits_clinic` ON `visits` (`clinic`,`day`);--> statement-breakpoint
CREATE INDEX `visits_hospital` ON `visits` (`hospital`,`day`);--> statement-breakpoint
CREATE INDEX `visits_day` ON `visits` (`day`,`county`);--> statement-breakpoint
CREATE INDEX `visits_sums` ON `visits` (`county`,`programme`,`day`,`tally`,`tallyHalf`,`planned`,`state`,`presence`,`am`,`pm`,`type`,`clinic`,`hospital`,`person`);--> statement-breakpoint
CREATE INDEX `visits_moved` ON `visits` (`moved`) WHERE "moved" is not null;