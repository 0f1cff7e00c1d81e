CREATE TABLE `frozenGroups` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`platform` text NOT NULL,
	`app` text NOT NULL,
	`conversation` text NOT NULL,
	`name` text NOT NULL,
	`orgs` text NOT NULL,
	`at` integer NOT NULL,
	`again` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `frozenGroups_id` ON `frozenGroups` (`id`);--> statement-breakpoint
CREATE TABLE `workloads` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`programme` text NOT NULL,
	`county` text NOT NULL,
	`person` text NOT NULL,
	`clinic` text NOT NULL,
	`hospital` text NOT NULL,
	`day` text NOT NULL,
	`figures` text NOT NULL,
	`words` text NOT NULL,
	`by` text NOT NULL,
	`at` integer NOT NULL,
	`as` text NOT NULL,
	`late` integer NOT NULL,
	`confirmed` integer,
	`verifiedBy` text,
	`verifiedAt` integer,
	`reason` text,
	`proposal` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `workloads_id` ON `workloads` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `workloads_line` ON `workloads` (`person`,`day`,`clinic`);--> statement-breakpoint
CREATE INDEX `workloads_clinic` ON `workloads` (`clinic`,`day`);--> statement-breakpoint
CREATE INDEX `workloads_county` ON `workloads` (`county`,`programme`,`day`);--> statement-breakpoint
CREATE TABLE `unitMonths` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`programme` text NOT NULL,
	`county` text NOT NULL,
	`org` text NOT NULL,
	`month` text NOT NULL,
	`figures` text NOT NULL,
	`words` text NOT NULL,
	`by` text NOT NULL,
	`at` integer NOT NULL,
	`reason` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `unitMonths_id` ON `unitMonths` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `unitMonths_unit` ON `unitMonths` (`org`,`month`,`programme`);--> statement-breakpoint
CREATE INDEX `unitMonths_county` ON `unitMonths` (`county`,`programme`,`month`);--> statement-breakpoint
CREATE TABLE `paperTotals` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`programme` text NOT NULL,
	`county` text NOT NULL,
	`clinic` text NOT NULL,
	`month` text NOT NULL,
	`doctorDays` integer NOT NULL,
	`by` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `paperTotals_id` ON `paperTotals` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `paperTotals_unit` ON `paperTotals` (`clinic`,`month`,`programme`);--> statement-breakpoint
CREATE INDEX `paperTotals_county` ON `paperTotals` (`county`,`programme`,`month`);--> statement-breakpoint
CREATE TABLE `beneficiaries` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`programme` text NOT NULL,
	`county` text NOT NULL,
	`clinic` text NOT NULL,
	`hospital` text NOT NULL,
	`person` text,
	`day` text NOT NULL,
	`name` text,
	`phone` text,
	`phoneMask` text,
	`phoneIndex` text,
	`wish` text,
	`informed` integer NOT NULL,
	`by` text NOT NULL,
	`at` integer NOT NULL,
	`keepUntil` text NOT NULL,
	`state` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `beneficiaries_id` ON `beneficiaries` (`id`);--> statement-breakpoint
CREATE INDEX `beneficiaries_clinic` ON `beneficiaries` (`clinic`,`day`);--> statement-breakpoint
CREATE INDEX `beneficiaries_county` ON `beneficiaries` (`county`,`programme`,`day`);--> statement-breakpoint
CREATE INDEX `beneficiaries_phone` ON `beneficiaries` (`phoneIndex`) WHERE "phoneIndex" is not null;--> statement-breakpoint
CREATE INDEX `beneficiaries_kept` ON `beneficiaries` (`keepUntil`) WHERE "state" = 'kept';--> statement-breakpoint
CREATE TABLE `samples` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`programme` text NOT NULL,
	`county` text NOT NULL,
	`kind` text NOT NULL,
	`month` text,
	`size` integer NOT NULL,
	`pool` integer NOT NULL,
	`seed` text NOT NULL,
	`order` text,
	`results` text,
	`by` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `samples_id` ON `samples` (`id`);--> statement-breakpoint
CREATE INDEX `samples_county` ON `samples` (`county`,`programme`);--> statement-breakpoint
CREATE TABLE `followUps` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`sample` text NOT NULL,
	`county` text NOT NULL,
	`clinic` text NOT NULL,
	`beneficiary` text NOT NULL,
	`place` integer NOT NULL,
	`result` text,
	`note` text,
	`by` text,
	`at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `followUps_id` ON `followUps` (`id`);--> statement-breakpoint
CREATE INDEX `followUps_sample` ON `followUps` (`sample`,`place`);--> statement-breakpoint
CREATE INDEX `followUps_beneficiary` ON `followUps` (`beneficiary`);--> statement-breakpoint
CREATE TABLE `reports` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`programme` text NOT NULL,
	`programmeKey` text NOT NULL,
	`county` text NOT NULL,
	`org` text NOT NULL,
	`month` text NOT NULL,
	`kind` text NOT NULL,
	`state` text NOT NULL,
	`filing` text,
	`parts` text NOT NULL,
	`why` text,
	`by` text,
	`at` integer,
	`openUntil` text,
	`reminded` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `reports_id` ON `reports` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `reports_unit` ON `reports` (`org`,`month`,`programme`,`kind`);--> statement-breakpoint
CREATE INDEX `reports_county` ON `reports` (`county`,`programme`,`month`);--> statement-breakpoint
CREATE TABLE `filings` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`report` text NOT NULL,
	`programme` text NOT NULL,
	`county` text NOT NULL,
	`org` text NOT NULL,
	`month` text NOT NULL,
	`kind` text NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	`as` text NOT NULL,
	`due` text NOT NULL,
	`late` integer NOT NULL,
	`zero` text,
	`parts` text NOT NULL,
	`figures` text NOT NULL,
	`words` text NOT NULL,
	`state` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `filings_id` ON `filings` (`id`);--> statement-breakpoint
CREATE INDEX `filings_report` ON `filings` (`report`);--> statement-breakpoint
CREATE INDEX `filings_county` ON `filings` (`county`,`programme`,`month`);--> statement-breakpoint
CREATE TABLE `filedLines` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`filing` text NOT NULL,
	`report` text NOT NULL,
	`county` text NOT NULL,
	`month` text NOT NULL,
	`person` text NOT NULL,
	`clinic` text NOT NULL,
	`hospital` text NOT NULL,
	`day` text NOT NULL,
	`counted` integer NOT NULL,
	`half` integer NOT NULL,
	`supplement` integer NOT NULL,
	`figures` text NOT NULL,
	`words` text NOT NULL,
	`note` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `filedLines_id` ON `filedLines` (`id`);--> statement-breakpoint
CREATE INDEX `filedLines_filing` ON `filedLines` (`filing`);--> statement-breakpoint
CREATE INDEX `filedLines_line` ON `filedLines` (`person`,`day`,`clinic`);--> statement-breakpoint
CREATE INDEX `filedLines_county` ON `filedLines` (`county`,`day`);--> statement-breakpoint
CREATE TABLE `confirmations` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`programme` text NOT NULL,
	`county` text NOT NULL,
	`org` text NOT NULL,
	`month` text NOT NULL,
	`lines` integer NOT NULL,
	`by` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `confirmations_id` ON `confirmations` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `confirmations_unit` ON `confirmations` (`org`,`month`,`programme`);--> statement-breakpoint
CREATE TABLE `templates` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`county` text NOT NULL,
	`form` text NOT NULL,
	`file` text NOT NULL,
	`name` text NOT NULL,
	`columns` text NOT NULL,
	`by` text NOT NULL,
	`at` integer NOT NULL,
	`state` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `templates_id` ON `templates` (`id`);--> statement-breakpoint
CREATE INDEX `templates_form` ON `templates` (`county`,`form`);--> statement-breakpoint
CREATE TABLE `calls` (
	`person` text NOT NULL,
	`seq` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `calls_person` ON `calls` (`person`,`seq`);--> statement-breakpoint
CREATE INDEX `calls_seq` ON `calls` (`seq`);--> statement-breakpoint
CREATE TABLE `leases` (
	`conversation` text PRIMARY KEY NOT NULL,
	`holder` text NOT NULL,
	`until` integer NOT NULL
);
--> statement-breakpoint
DROP INDEX `journal_names`;--> statement-breakpoint
ALTER TABLE `codes` ADD `for` text;--> statement-breakpoint
CREATE INDEX `codes_for` ON `codes` (`for`) WHERE "for" is not null;--> statement-breakpoint
CREATE INDEX `visits_morning` ON `visits` (`person`,`day`) WHERE "am" and not "pm" and "planned" and "state" = 'on';--> statement-breakpoint
CREATE INDEX `checkIns_for_others` ON `checkIns` (`by`,`at`) WHERE "kind" = 'stand-in' or "kind" = 'late';--> statement-breakpoint
CREATE INDEX `outbox_offered` ON `outbox` (`conversation`,`settledAt`) WHERE "state" = 'sent' and "platform" = 'wechat';