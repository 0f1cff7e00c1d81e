/** What a card names and the relay makes before it is sent: the picture of its chart, the file of its paper. */
import type { Files, Read } from '../bot/ports.ts';
import type { Card, FileRef, Paper, PeopleList } from '../core/card.ts';
import { office } from './office.ts';

/** The card with its picture and its file, under their content addresses. @throws Error when one cannot be made */
export const renderCard = async (card: Card, files: Files, read: Read): Promise<Card> => ({
  ...card,
  ...(card.chart && !card.picture ? { picture: await files.keep('chart.png', await office.drawBars(card.chart)) } : {}),
  ...(card.paper && !card.file ? { file: await paperFile(card.paper, files, read) } : {}),
});

const paperFile = async (paper: Paper, files: Files, read: Read): Promise<FileRef> => {
  switch (paper.kind) {
    case 'leave-slip':
      return files.keep(paper.name, await office.leaveSlip(paper.slip));
    case 'people':
      return files.keep(paper.name, await office.peopleList(paper.list, await opened(paper.list, read)), 'brief');
  }
};

/** Name, number and wish of each row; empty where they were erased meanwhile. */
const opened = async (list: PeopleList, read: Read): Promise<string[][]> => {
  const secrets: string[][] = [];
  for (const { beneficiary: id } of list.rows) {
    const of = async (field: 'name' | 'phone' | 'wish') => (await read.unseal('beneficiaries', id, field)) ?? '';
    secrets.push([await of('name'), await of('phone'), await of('wish')]);
  }
  return secrets;
};
