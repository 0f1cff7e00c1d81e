/** Leave: its kinds, and how long before a day it must be with whom it concerns. Which stations and limits there are stands in the programme. */
import type { Lead, LeaveRules } from '../programmes/schema.ts';
import { assumeWeekdays, type Calendar, lastWorkdayOnOrBefore, workdaysBack } from './calendar.ts';
import { addDays, type Day } from './day.ts';
import type { LeaveKind } from './records.ts';
import { saysNothing } from './words/answers.ts';

/** Kinds of leave from which somebody comes back. */
export const AWAY: readonly LeaveKind[] = ['sick', 'urgent', 'other'];

/** Why, in three words. An illness is one's own and said as such; of others' illness it is an urgent matter. */
export const leaveKind = (reason: string): LeaveKind => {
  const said = reason.replace(NOT_ILL, '');
  if (OTHERS.test(said)) return 'urgent';
  if (SAID_ILL.test(said) || said.split(/[，,。；;、\s]+/).some(part => ILLNESS.test(part) && !WORK.test(part))) return 'sick';
  return URGENT.test(said) ? 'urgent' : 'other';
};

/** What of a reason is one: neither who speaks nor 好的 and 👍, and 病假 says nothing more where the illness is said beside it. */
export const reasonSaid = (said: string): string | undefined => {
  const reason = said.replace(/^我(?:\s+|$)/, '');
  if (!reason || saysNothing(reason)) return undefined;
  const beside = /^病假 +(.+)$/s.exec(reason)?.[1];
  return beside !== undefined && leaveKind(beside) === 'sick' ? beside : reason;
};

/** 下周八: meant as a day, and none. */
export const noWeekday = (reason: string): string | undefined =>
  /(?:^|\s)((?:[上下本这]个?)+(?:周|星期|礼拜)[八九十089])(?=\s|$)/.exec(reason)?.[1];

/** 病 where nobody is said to be ill. */
const NOT_ILL =
  /(?:没有?|不是|未|无)(?:生|得|患|什么|啥)?(?:大|小)?病|病(?:人|号|房|区|例|历|案|床|种|友)|(?<!医院|自己|我去|本人)看病|(?:疾|传染|慢性?|地方|职业|常见|多发)病.{0,4}(?:预防|防治|防控|控制|管理|筛查|培训|宣传|宣教|普查|监测|随访|义诊|讲座|会|门诊)/g;

/** Said to be ill, whatever else is said. */
const SAID_ILL =
  /病假|因病|生病|病了|病倒|患病|得病|犯病|发病|急病|重病|大病|旧病|本人.{0,4}病|病休|养病|治病|住院(?!部|医师|总|楼|患)|动手术|开刀|术后/;

/** What a body has. */
const ILLNESS =
  /病|发烧|高烧|低烧|发热|感冒|流感|咳|阳了|阳性|疼|(?:头|腰|背|胸|腹|肚子?|胃|牙|腿|脚|膝盖?|颈|肩|嗓子?|喉咙?|关节|心口|剧)痛|痛风|[肺胃肠咽鼻喉肝肾]炎|(?:气管|扁桃体|阑尾|胆囊|关节|皮|结膜|中耳)炎|骨折|受伤|伤了|[手脚腿腰头]部?伤|摔|扭了|扭伤|烧伤|烫伤|晕|呕|腹泻|拉肚子|过敏|感染|不适|不舒服|血压|心脏|椎间盘|[腰颈]椎|就医|痔疮|结石|囊肿|息肉|疝气|肿瘤|癌|[挂看]急诊|化疗|复查|产检|流产/;

/** What a physician does about others' illness. */
const WORK =
  /值班|门诊|义诊|坐诊|会诊|查房|培训|学习|筛查|预防|防治|防控|疫苗|接种|宣传|宣教|讲座|讲课|会议|开会|抢救|病人|患者|群众|普查|随访|督导|太多|走不开/;

const OTHERS =
  /(?:父|母|爸|妈|爷|奶|外公|外婆|岳|公公|婆婆|孩子|小孩|儿子|女儿|爱人|妻|丈夫|老婆|老公|老人|家人|家属|家里|家中|亲属)[^，。；]{0,6}(?:病|炎|疼|痛|感冒|咳|血压|心脏|烧|发热|住院|手术|急|伤|骨折|摔|晕|呕|腹泻|拉肚子|过敏|感染|流感|不适|不舒服|就医|产检|化疗|复查|去世|过世|车祸)/;

const URGENT = /急|意外|车祸|丧|去世|过世|抢险|灾|塌方|台风/;

export const LEAVE_KIND_NAMES: Readonly<Record<LeaveKind, string>> = { sick: '因病', urgent: '因急事', other: '其他', end: '提前结束派驻' };

/** The last day on which a lead time before a day is kept, and the last workday on or before it. */
export const leadDays = (start: Day, lead: Lead, calendar: Calendar): { last: Day; lastWorkday: Day } => {
  const sure = assumeWeekdays(calendar);
  const last = lead.counted === 'calendar' ? addDays(start, -lead.days) : lead.days === 0 ? start : workdaysBack(sure, start, lead.days);
  return { last, lastWorkday: lastWorkdayOnOrBefore(sure, last) };
};

/** The longest lead of the steps: on its day the matter must be with whom it concerns. */
export const leadOf = (rules: LeaveRules): Lead | undefined =>
  rules.steps.flatMap(s => (s.lead ? [s.lead] : [])).sort((a, b) => b.days - a.days)[0];
