/** A name that nobody has must not pass for a remark: which words of what is left of a line may be one, and who was rather meant. */
import { editDistance } from './near.ts';

/** What people give as a reason, and what they put before it; none of it is anybody's name. */
const BEFORE =
  '因|因为|由于|受|遇|今天|今日|明天|昨天|当天|临时|突发|突然|突遇|计划|连日|持续|极端|恶劣|不利|有|全[县区市镇乡村院]|本[县镇乡村院]|我院|医院|院[内里]|镇上|乡里|村里|道路|公路|桥梁|山体|线路|水管|大|特大|强';
const REASON =
  '停电|停水|停气|断电|断水|断网|限电|停诊|停课|停工|台风|风暴|风球|风|暴雨|大雨|雷雨|下雨|雷电|雨|暴雪|下雪|雪|冰雪|冰雹|冰冻|结冰|霜冻|雾|天气|高温|低温|寒潮|降温|洪水|洪涝|洪灾|山洪|涨水|防汛|防台|抗旱|内涝|地震|滑坡|塌方|泥石流|灾害|险情|火灾|火情|封路|断路|修路|路断|路滑|路堵|堵车|交通|封桥|管制|车坏了?|坏了|故障|中断|不通|疫情|封控|消杀|消毒|演练|演习|检修|维修|抢修|抢险|装修|搬迁|施工|会议|开会|培训|学习|考试|迎检|检查|督导|体检|义诊|活动|放假|调休|假期|节日|过节|春节|端午|中秋|国庆|清明|元旦|赶集|集日|圩日|停班|加班|值班|人手不足|缺人|预警|影响|原因|冲突|安排|调整|取消|推迟|延期';
const SAID_AS_REASON = new RegExp(`^(?:${BEFORE}|${REASON})+$`);

/** The first word of what is left of a line that may be a name and is no usual reason. */
export const mayBeName = (left: string | undefined): string | undefined =>
  (left ?? '').split(/[\s,，、;；。!！]+/).find(word => /^\p{Script=Han}{2,4}$/u.test(word) && !SAID_AS_REASON.test(word));

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
