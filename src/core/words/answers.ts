/** What people say to a question without answering it: a bare yes, no or wait, a hesitation, thanks. */

const SAID =
  '(?:好|行|可以|没问题|是|对|嗯+|哦+|噢|额|呃|ok|okay|收到|知道|明白|谢谢您?|多谢|辛苦|确认|不|不是|不对|不行|不要|不用|等|等等|等一?[下会]儿?|稍等|稍后|马上|一会儿?|慢点|先?放着|不知道|不清楚|不确定|不好说|没想好|没定|没决定|想想|想一?想|看看|看一?看|看情况|到时候|到时候?再说|再说|再看|随便|都行|都可以|无所谓|你好|您好|在吗|什么|啥|什么意思|怎么写|怎么回|为什么|怎么了|啊|呀|哎呀?|唉|哈|呵|嘻)';
const BEFORE = '(?:我|那|就|还|先|再|让我|容我|我先|我再)*';
const BEHIND = '(?:的|了|吧|呢|哦|啊|呀|哈|啦|嘛|么|吗)*';
const BETWEEN = '[\\s,，。.!！?？~～…、]*';
const NOTHING = new RegExp(`^${BETWEEN}(?:${BEFORE}${SAID}${BEHIND}${BETWEEN})+$`, 'i');
const SMALL = '(?:那|就|嗯|好的?|行|可以|要不|改[到在]?|是|定|吧|呢|哦|啊|呀|哈|啦|嘛|了|[\\s,，。.!！~～…、])+';
const ONLY_SMALL = new RegExp(`^${SMALL}$`);
const SMALL_FIRST = new RegExp(`^${SMALL}`);

/** 好的, 等等, 还没想好, 👍: said to a question, and no answer to any. */
export const saysNothing = (text: string): boolean => NOTHING.test(text) || /^[^\p{L}\p{N}]+$/u.test(text);

/** Without what is said before a day: 那就24号. */
export const withoutSmallWords = (text: string): string => text.replace(SMALL_FIRST, '') || text;
/** What stands beside a day and says nothing more of it. */
export const onlySmallWords = (text: string): boolean => ONLY_SMALL.test(text);
