/** `npx drizzle-kit generate --config db/drizzle/pg.config.ts --name what-changes` writes the next migration. */
import { defineConfig } from 'drizzle-kit';

export default defineConfig({ dialect: 'postgresql', schema: './db/drizzle/pg.cjs', out: './db/migrations/pg' });
