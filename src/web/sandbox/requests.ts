/** What the sandbox's API may be told: shapes, limits, and what is wrong in words. */
import { z } from 'zod';
import type { Said } from '../../bot/stage.ts';

const id = (what: string) => z.string(`${what}要写成文字`).min(1, `${what}没有写`).max(200, `${what}太长`);
/** The instant as written, in epoch milliseconds. */
const instant = z.iso.datetime({ offset: true, error: '时间要写成带时区的样子：2024-04-08T08:00:00+08:00' }).transform(s => Date.parse(s));

const contents = {
  text: z.string('text 要写成文字').optional(),
  button: z
    .strictObject({ message: id('button.message'), index: z.int('button.index 要写成整数').min(0, 'button.index 从 0 数起') })
    .optional(),
  form: z
    .strictObject({
      message: id('form.message'),
      values: z.record(
        z.string(),
        z.union([z.string(), z.number().transform(String), z.null().transform(() => '')], 'form.values 里只能是文字或数字'),
        'form.values 要写成 {"名称":"值"}',
      ),
    })
    .optional(),
  location: z
    .strictObject({
      lat: z.number('lat 要写成数字').min(-90, 'lat 在 -90 到 90 之间').max(90, 'lat 在 -90 到 90 之间'),
      lng: z.number('lng 要写成数字').min(-180, 'lng 在 -180 到 180 之间').max(180, 'lng 在 -180 到 180 之间'),
      name: z.string('name 要写成文字').max(200, 'name 太长'),
    })
    .optional(),
};
const head = { conversation: id('conversation'), speaker: id('speaker'), eventId: id('eventId').optional() };

/** A JSON body of `POST /sandbox/api/messages`. */
export const messageBody = z
  .strictObject({ ...head, ...contents }, '要写成 {"conversation":…,"speaker":…,"text":…}')
  .transform((body, context): Said => {
    const given = (['text', 'button', 'form', 'location'] as const).filter(k => body[k] !== undefined);
    if (given.length !== 1) {
      context.addIssue({ code: 'custom', message: 'text、button、form、location 要有一个，也只能有一个', path: given.slice(1, 2) });
      return z.NEVER;
    }
    const { conversation, speaker, eventId, text, button, form, location } = body;
    const content: Said['content'] = button
      ? { kind: 'button', ...button }
      : form
        ? { kind: 'form', ...form }
        : location
          ? { kind: 'location', ...location }
          : { kind: 'text', text: text! };
    return { conversation, speaker, ...(eventId === undefined ? {} : { eventId }), content };
  });

/** The fields of a multipart body besides its file. */
export const fileBody = z.strictObject(
  { ...head, text: contents.text, file: z.instanceof(File, { error: '没有收到文件' }) },
  'multipart 里要有 conversation、speaker 和 file',
);
export const clockBody = z.strictObject({ to: instant }, '要写成 {"to":"…"}');
export const resetBody = z.strictObject(
  { programme: id('programme').optional(), at: instant.optional(), empty: z.boolean('empty 要写成 true 或 false').optional() },
  '要写成 {"empty":true} 或 {}',
);
export const groupBody = z.strictObject(
  {
    name: z.string('群名要写成文字').trim().min(1, '群名没有写').max(60, '群名太长'),
    members: z.array(id('成员'), '成员要写成列表').min(1, '群里至少要有一个人').max(500, '群里的人太多'),
  },
  '要写成 {"name":"…","members":["…"]}',
);
export const messagesQuery = z.object({
  after: z
    .string()
    .regex(/^\d{1,15}$/, 'after 要写成消息编号')
    .optional(),
  conversation: id('conversation').optional(),
});

/** A file's own name: no folders, nothing that cannot be shown. */
export const fileName = (given: string): string => {
  // biome-ignore lint: control characters are what is taken out
  const name = (given.split(/[/\\]/).at(-1) ?? '').replace(/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g, '').trim();
  return name.slice(-120) || '文件';
};
