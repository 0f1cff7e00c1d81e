DELETE FROM "questions";--> statement-breakpoint
CREATE TABLE `leaves` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`programme` text NOT NULL,
	`programmeKey` text NOT NULL,
	`county` text NOT NULL,
	`person` text NOT NULL,
	`hospital` text NOT NULL,
	`from` text NOT NULL,
	`to` text NOT NULL,
	`kind` text NOT NULL,
	`reason` text,
	`workdays` integer,
	`emergency` integer NOT NULL,
	`exception` text,
	`state` text NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	`follows` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `leaves_id` ON `leaves` (`id`);--> statement-breakpoint
CREATE INDEX `leaves_person` ON `leaves` (`person`,`to`);--> statement-breakpoint
CREATE INDEX `leaves_county` ON `leaves` (`county`,`to`);--> statement-breakpoint
CREATE TABLE `leaveVisits` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`leave` text NOT NULL,
	`person` text NOT NULL,
	`visit` text NOT NULL,
	`clinic` text NOT NULL,
	`day` text NOT NULL,
	`am` integer NOT NULL,
	`pm` integer NOT NULL,
	`toDay` text,
	`toAm` integer NOT NULL,
	`toPm` integer NOT NULL,
	`made` text,
	`told` integer,
	`toldBy` text,
	`state` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `leaveVisits_id` ON `leaveVisits` (`id`);--> statement-breakpoint
CREATE INDEX `leaveVisits_leave` ON `leaveVisits` (`leave`);--> statement-breakpoint
CREATE INDEX `leaveVisits_visit` ON `leaveVisits` (`visit`);--> statement-breakpoint
CREATE INDEX `leaveVisits_person` ON `leaveVisits` (`person`);--> statement-breakpoint
CREATE INDEX `leaveVisits_clinic` ON `leaveVisits` (`clinic`,`day`);--> statement-breakpoint
CREATE TABLE `leaveSteps` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`leave` text NOT NULL,
	`county` text NOT NULL,
	`step` text NOT NULL,
	`kind` text NOT NULL,
	`stage` integer NOT NULL,
	`org` text NOT NULL,
	`role` text NOT NULL,
	`office` text,
	`state` text NOT NULL,
	`due` text,
	`askedAt` integer,
	`by` text,
	`at` integer,
	`how` text,
	`note` text,
	`on` text,
	`number` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `leaveSteps_id` ON `leaveSteps` (`id`);--> statement-breakpoint
CREATE INDEX `leaveSteps_leave` ON `leaveSteps` (`leave`);--> statement-breakpoint
CREATE INDEX `leaveSteps_waiting` ON `leaveSteps` (`org`) WHERE "state" = 'waiting';--> statement-breakpoint
CREATE TABLE `cases` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`programme` text NOT NULL,
	`programmeKey` text NOT NULL,
	`county` text NOT NULL,
	`person` text NOT NULL,
	`hospital` text NOT NULL,
	`clinic` text NOT NULL,
	`visit` text NOT NULL,
	`day` text NOT NULL,
	`from` text NOT NULL,
	`leave` text,
	`state` text NOT NULL,
	`at` integer NOT NULL,
	`hearUntil` text NOT NULL,
	`finding` text,
	`why` text,
	`by` text,
	`decidedAt` integer,
	`objectUntil` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `cases_id` ON `cases` (`id`);--> statement-breakpoint
CREATE INDEX `cases_person` ON `cases` (`person`,`day`);--> statement-breakpoint
CREATE INDEX `cases_county` ON `cases` (`county`,`state`);--> statement-breakpoint
CREATE TABLE `statements` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`case` text NOT NULL,
	`person` text NOT NULL,
	`side` text NOT NULL,
	`kind` text NOT NULL,
	`text` text,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `statements_id` ON `statements` (`id`);--> statement-breakpoint
CREATE INDEX `statements_case` ON `statements` (`case`);--> statement-breakpoint
PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_questions` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`conversation` text NOT NULL,
	`account` text NOT NULL,
	`text` text,
	`day` text NOT NULL,
	`expires` integer NOT NULL
);
--> statement-breakpoint
INSERT INTO `__new_questions`("seq", "id", "conversation", "account", "text", "day", "expires") SELECT "seq", "id", "conversation", "account", "text", "day", "expires" FROM `questions`;--> statement-breakpoint
DROP TABLE `questions`;--> statement-breakpoint
ALTER TABLE `__new_questions` RENAME TO `questions`;--> statement-breakpoint
PRAGMA foreign_keys=ON;--> statement-breakpoint
CREATE UNIQUE INDEX `questions_id` ON `questions` (`id`);--> statement-breakpoint
CREATE INDEX `questions_expires` ON `questions` (`expires`);--> statement-breakpoint
ALTER TABLE `visits` ADD `onTheWay` integer;