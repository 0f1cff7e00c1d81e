/** Whether what is said asks something, and whether it asks how a thing is done. */

const HOW = '怎么|怎样|如何|咋';
const ASKS = new RegExp(`(?:吗|呢|么|了没有?)[?？]?$|[?？]$|^(?:${HOW}|为什么|为啥)`);
const ASKS_BEHIND_NAME = /(?:没有?|怎么.*)[?？]?$/;
const HOW_FIRST = new RegExp(`^(?:请问|我想知道)?(?:${HOW})(?:样|去|用|发)?`);
const ASKS_HOW = new RegExp(`^(?:请问|我想知道)?(?:${HOW})|怎么[请弄用办填签报写发看查改换撤导排绑设]`);

/** 有人吗, 怎么请假. 没有 without 了 may answer: 讨论没有. */
export const asks = (said: string): boolean => ASKS.test(said);

/** Of what stands behind a command's name, where 没有 and 怎么 are nobody's answer: 签到没有, 请假要怎么请. */
export const asksBehindName = (rest: string): boolean => asks(rest) || ASKS_BEHIND_NAME.test(rest);

/** 怎么请假, 月报怎么报. */
export const asksHow = (said: string): boolean => ASKS_HOW.test(said);

/** What is asked about: 怎么导入 of 导入. */
export const behindHow = (said: string): string | undefined => {
  const how = HOW_FIRST.exec(said);
  return how ? said.slice(how[0].length) : undefined;
};
