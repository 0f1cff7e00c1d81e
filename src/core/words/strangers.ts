/** A name that nobody has must not pass for a remark: which words of what is left of a line may be one, and who was rather meant. */
import { editDistance } from './near.ts';
import { TITLE } from './titles.ts';

/** What people give as a reason, and what they put before it; none of it is anybody's name. Whose fault it is is not weighed by it. */
const BEFORE =
  '因|因为|由于|受|遇|今天|今日|明天|昨天|当天|临时|突发|突然|突遇|计划|连日|持续|极端|恶劣|不利|有|全[县区市镇乡村院]|本[县镇乡村院]|我院|医院|院[内里]|镇上|乡里|村里|道路|公路|桥梁|山体|线路|水管|大|特大|强|连续|连降|严重|路面|路段|车辆|车子|房屋|房顶|管道|管网|管线|空调|平台|系统|程序|设备|江水|河水|时间|人员|单位|全员|成员|[县局院市省]里|安全|卫生|公卫|应急|党员|党委|干部|居民|群众|村民|项目|季度|年度|常规|日常|柏油路';
const REASON =
  '停电|停水|停气|断电|断水|断网|限电|停诊|停课|停工|台风|风暴|风球|风|暴雨|大雨|雷雨|下雨|雷电|雨|暴雪|下雪|雪|冰雪|冰雹|冰冻|结冰|霜冻|雾|天气|高温|低温|寒潮|降温|洪水|洪涝|洪灾|山洪|涨水|防汛|防台|抗旱|内涝|地震|滑坡|塌方|泥石流|灾害|险情|火灾|火情|封路|断路|修路|路断|路滑|路堵|堵车|交通|封桥|管制|车坏了?|坏了|故障|中断|不通|疫情|封控|消杀|消毒|演练|演习|检修|维修|抢修|抢险|装修|搬迁|施工|会议|开会|培训|学习|考试|迎检|检查|督导|体检|义诊|活动|放假|调休|假期|节日|过节|春节|端午|中秋|国庆|清明|元旦|赶集|集日|圩日|停班|加班|值班|人手不足|缺人|预警|影响|原因|冲突|安排|调整|取消|推迟|延期|下村|抽调|手术|门诊|急诊|支援|家访|巡诊|党课|党日|值夜班|夜班|轮休|补休|核酸|高考|中考|大会|院会|周会|例会|党委会|全[员院]会|白事|红事|喜事|庙会|任务|有变|变动|变更|不合|宣传|宣讲会?|升级|值守|生产|大扫除|沙尘暴?|龙舟[水赛]|上涨|倒灌|雷暴|雷击|封村|结冰|年检|车祸|水灾|爆裂|爆管|改造|积水|强对流|降雨|冷空气|祭祖|验收|评审|考核|巡查|巡视|巡察|[省国市县]检|漏水|接待|公务|干旱|农忙|秋收|春耕|双抢|采茶|不在|有事';
const SAID_AS_REASON = new RegExp(`^(?:${BEFORE}|${REASON})+$`);

/** 谢副主任医师, 谢卓群医师. */
const TITLED = new RegExp(`^\\p{Script=Han}{1,4}${TITLE}$`, 'u');

/** The first word of what is left of a line that may be a name and is no usual reason. */
export const mayBeName = (left: string | undefined): string | undefined =>
  (left ?? '')
    .split(/[\s,，、;；。!！]+/)
    .find(word => (/^\p{Script=Han}{2,4}$/u.test(word) || TITLED.test(word)) && !SAID_AS_REASON.test(word));

/** Of those whom it can be about: who may have been meant by a name that nobody has, nearest first. Where no name is near, a few are all offered. */
export const mayBeMeant = <P extends { name: string }>(said: string, people: readonly P[]): P[] => {
  const most = 3;
  const near = people
    .map(p => ({ p, steps: editDistance(said, p.name) }))
    .filter(({ p, steps }) => steps <= 1 || (steps === 2 && p.name[0] === said[0]))
    .sort((a, b) => a.steps - b.steps)
    .map(({ p }) => p);
  return near.length ? near.slice(0, most) : people.length <= most ? [...people] : [];
};

/** 谢医生, 小谢: called by the surname alone. */
const BY_SURNAME = new RegExp(`^(?:(?<first>\\p{Script=Han}{1,2}?)${TITLE}|[小老](?<after>\\p{Script=Han}))$`, 'u');

/** Of those whom it can be about: who is called so by the surname. */
export const calledBySurname = <P extends { name: string }>(said: string, people: readonly P[]): P[] => {
  const { first, after } = BY_SURNAME.exec(said)?.groups ?? {};
  const surname = first ?? after;
  return surname === undefined ? [] : people.filter(p => p.name.startsWith(surname));
};
