/** Surnames that are written for each other because they sound alike. */
const ALIKE = [
  '丘邱秋',
  '张章',
  '程陈成',
  '徐许',
  '王汪黄',
  '吴伍武',
  '肖萧',
  '付傅',
  '阎闫严颜',
  '于余俞虞',
  '江姜蒋',
  '林凌',
  '戴代',
  '蓝兰',
  '沈申',
  '钟仲',
  '魏卫',
  '翁温',
  '范樊',
  '谢解',
  '游尤',
  '罗洛',
];

/** The same, or often taken for each other. */
export const soundsAlike = (a: string, b: string): boolean => a === b || ALIKE.some(group => group.includes(a) && group.includes(b));
