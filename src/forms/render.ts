/** What a card names and the relay makes before it is sent: the picture of its chart, the file of its paper. */
import { gatherDraft } from '../bot/drafts.ts';
import type { Gathering } from '../bot/form-desk.ts';
import { gatherForm } from '../bot/forms.ts';
import type { Files, Read, Store } from '../bot/ports.ts';
import type { Card, FileRef, Paper, PeopleList } from '../core/card.ts';
import type { Instant } from '../core/day.ts';
import { office } from './office.ts';

/** Where the facts of papers come from. */
export interface PaperSource {
  /** Asked for each time, since a rehearsal that begins anew has another one. */
  store(): Pick<Store, 'read' | 'snapshot'>;
  programmes: Gathering['programmes'];
  now(): Instant;
  demo(): boolean;
}

/** The card with its picture and its file, under their content addresses. What a paper says of itself is said by the card. @throws Error when one cannot be made */
export const renderCard = async (card: Card, files: Files, source: PaperSource): Promise<Card> => {
  const picture = card.chart && !card.picture ? { picture: await files.keep('chart.png', await office.drawBars(card.chart)) } : {};
  if (!card.paper || card.file) return { ...card, ...picture };
  const { file, says } = await paperFile(card.paper, files, source);
  // The facts of a paper that was gathered are in its file: it is not gathered again.
  const { paper: _, ...rest } = card;
  return { ...(says ? rest : card), ...picture, lines: [...card.lines, ...(says ?? [])], file };
};

/** Others have their turn between two slices of facts. */
const pause = () => new Promise<void>(resolve => setImmediate(resolve));

/** `says`: of facts that were gathered for it. */
const paperFile = async (paper: Paper, files: Files, source: PaperSource): Promise<{ file: FileRef; says?: string[] }> => {
  const given = { programmes: source.programmes, now: source.now(), demo: source.demo(), pause };
  switch (paper.kind) {
    case 'leave-slip':
      return { file: await files.keep(paper.name, await office.leaveSlip(paper.slip)) };
    case 'people':
      return {
        file: await files.keep(paper.name, await office.peopleList(paper.list, await opened(paper.list, source.store().read)), 'brief'),
      };
    case 'draft': {
      const { document, says } = await source.store().snapshot(read => gatherDraft(read, paper.ask, given));
      return { file: await files.keep(paper.name, await office.officialDocument(document)), says };
    }
    case 'form': {
      const { sheet, rows, says } = await source.store().snapshot(read => gatherForm(read, paper.ask, given));
      const template = sheet.template ? await files.open(sheet.template.file) : undefined;
      const lost = sheet.template && !template ? ['本局模板的文件不在了，按印发的表样出表'] : [];
      const bytes = await office.writeForm(template ? sheet : { ...sheet, template: null }, rows, template);
      const brief = paper.ask.names || paper.ask.phones;
      return {
        file: await files.keep(paper.name, bytes, ...(brief ? ['brief' as const] : [])),
        says: [...(paper.quiet ? [] : says), ...lost],
      };
    }
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
