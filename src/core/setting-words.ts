/** Values of settings as people type them: 8:00, 下午5点, 五天, 2小时. */
import type { SettingDefinition } from './settings.ts';
import { parseNumeral } from './words/numerals.ts';

const CLOCK =
  /^(早上|上午|早|下午|午后|傍晚|晚上|晚)?(\d{1,2}|[一二三四五六七八九十]{1,3})(?::([0-5]\d)|[点时](半|[0-5]?\d分?|[一二三四五]?十五?分?|整)?)$/;
const HOURS = /(?<![\d:])(\d):([0-5]\d)(?!\d)/g;
const COUNT = /^(\d+|[〇零一二两三四五六七八九十百]+)(?:个)?(?:(小时)|分钟?|工作日|工作小时|天|日|号|米|次)?$/;

const two = (n: number): string => String(n).padStart(2, '0');
const numberOf = (said: string): number => (/^\d/.test(said) ? Number.parseInt(said, 10) : (parseNumeral(said) ?? Number.NaN));

/** Times that may be meant: 下午5点 is 17:00, 5点 is 05:00 or 17:00. */
const times = (said: string): string[] => {
  const m = CLOCK.exec(said);
  if (!m) return [];
  const [, part, h = '', colon, past] = m;
  const hour = numberOf(h);
  const minute = colon === undefined ? (past === '半' ? 30 : past && past !== '整' ? numberOf(past.replace('分', '')) : 0) : Number(colon);
  if (!(hour <= 23) || !(minute <= 59)) return [];
  const at = (x: number) => `${two(x)}:${two(minute)}`;
  const late = part !== undefined && /^[下午傍晚]/.test(part) && part !== '上午';
  if (part !== undefined) return hour <= 12 ? [at(late && hour < 12 ? hour + 12 : hour)] : [at(hour)];
  // 8:00 is written as clocks are; 5点 is said as people do.
  return colon !== undefined || hour === 0 || hour >= 12 ? [at(hour)] : [at(hour + 12), at(hour)];
};

/** What a typed value may mean, in the form that is stored; what is of no such form stays as typed. */
export const settingMeant = ({ kind, key, says }: SettingDefinition, typed: string): string[] => {
  const said = typed.replace(/：/g, ':').trim();
  switch (kind) {
    case 'time': {
      const all = times(said.replace(/\s/g, ''));
      return all.length ? all : [said];
    }
    case 'days':
    case 'number': {
      const m = COUNT.exec(said.replace(/\s/g, ''));
      const n = m ? numberOf(m[1]!) : Number.NaN;
      if (!m || Number.isNaN(n)) return [said];
      return [String(m[2] && says.includes('分钟') ? n * 60 : n)];
    }
    case 'text':
      return [
        key === 'hours'
          ? said
              .replace(HOURS, '0$1:$2')
              // Between two times: 04-15至09-30 is a season, and ； stands between two of them.
              .replace(/(\d:\d\d) ?(?:~|—+|–|至|到) ?(?=\d)/g, '$1-')
              .replace(/[,，、]/g, ' ')
          : said,
      ];
    default:
      return [said];
  }
};
