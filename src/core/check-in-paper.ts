/** Paper that somebody shows who stands in for a physician: a picture or a scan of the signed sheet, kept by its content address. */
import type { FileRef } from './card.ts';

const ENDING = /\.(jpe?g|png|heic|webp|bmp|pdf)$/i;

/** A picture or a scan, and not a table. */
export const isPaper = (name: string): boolean => ENDING.test(name);

/** What a picture is called that comes without a name. */
export const PICTURE = '照片.jpg';

/** Words beside a picture that make it the paper of a check-in: what else people photograph is not kept. */
const CHECK_IN = /签|(?<![a-z])(?:qd|bq|check-in|late-checkin)(?![a-z])/i;
export const namesCheckIn = (text: string): boolean => CHECK_IN.test(text);

/** As it is kept beside the check-in: address, size and kind. */
export const paperOf = ({ id, name, bytes }: FileRef): string => `${id}/${bytes}/${ENDING.exec(name)?.[1]?.toLowerCase() ?? 'jpg'}`;
export const fileOfPaper = (paper: string, title: string): FileRef => {
  const [id = '', bytes, ending] = paper.split('/');
  return { id, name: `${title}.${ending}`, bytes: Number(bytes) };
};

/** So long after a stand-in's check-in a picture sent by itself is taken for its paper. */
export const PAPER_WITHIN = 30 * 60_000;
