/** The environment, checked. Every error names the variable in plain words. */
import { z } from 'zod';

const port = (name: string, fallback: number) =>
  z.coerce
    .number({ error: `${name} 要写端口号，如 ${fallback}` })
    .int(`${name} 要写整数端口号`)
    .min(0)
    .max(65_535)
    .default(fallback);

const Environment = z.object({
  DATA_DIR: z.string().min(1, 'DATA_DIR 不能为空').default('data'),
  PORT: port('PORT', 3000),
  WEB_HOST: z.string().default('127.0.0.1'),
  WEB_PORT: port('WEB_PORT', 8080),
  /** Where people's browsers reach the pages, as written into links. */
  WEB_URL: z
    .url({ protocol: /^https?$/, error: 'WEB_URL 要写成 https://主机名' })
    .transform(u => u.replace(/\/+$/, ''))
    .optional(),
  /** PostgreSQL in place of SQLite. */
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'DATABASE_URL 要写成 postgres://用户:密码@主机/库名' }).optional(),
  KEY_FILE: z.string().optional(),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'], { error: 'LOG_LEVEL 只能是 debug、info、warn、error、silent' })
    .default('info'),
});
export type Config = z.infer<typeof Environment>;

export class ConfigProblem extends Error {}

/** @throws ConfigProblem */
export const readConfig = (env: NodeJS.ProcessEnv): Config => {
  const parsed = Environment.safeParse(Object.fromEntries(Object.entries(env).filter(([, v]) => v !== '')));
  if (!parsed.success) throw new ConfigProblem(parsed.error.issues.map(i => `环境变量 ${i.path.join('.')} 有误：${i.message}`).join('\n'));
  return parsed.data;
};
