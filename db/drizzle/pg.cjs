/** What drizzle-kit reads: every table by its name. */
const { tablesOf } = require('../schema.ts');
module.exports = tablesOf(require('../kit-pg.ts').pgSchema);
