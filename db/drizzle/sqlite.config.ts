/** `npx drizzle-kit generate --config db/drizzle/sqlite.config.ts --name what-changes` writes the next migration. */
import { defineConfig } from 'drizzle-kit';

export default defineConfig({ dialect: 'sqlite', schema: './db/drizzle/sqlite.cjs', out: './db/migrations/sqlite' });
