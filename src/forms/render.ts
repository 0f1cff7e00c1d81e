/** What a card names and the relay makes before it is sent: the picture of its chart, the file of its paper. */
import { gatherDraft } from '../bot/drafts.ts';
import { gatherForm } from '../bot/forms.ts';
import type { Files, Read, Store } from '../bot/ports.ts';
import type { Card, Paper, PeopleList } from '../core/card.ts';
import type { Instant } from '../core/day.ts';
import type { Programme } from '../programmes/schema.ts';
import { office } from './office.ts';

/** Where the facts of official forms come from. */
export interface FormSource {
  snapshot: Store['snapshot'];
  programmes: readonly Programme[];
  now(): Instant;
  demo(): boolean;
}

/** Others have their turn between two slices of facts. */
const pause = () => new Promise<void>(resolve => setImmediate(resolve));

const paperOf = async (paper: Paper, files: Files, source: FormSource): Promise<{ bytes: Uint8Array; says: string[] }> => {
  if (paper.kind === 'leave-slip') return { bytes: await office.leaveSlip(paper.slip), says: [] };
  if (paper.kind === 'people')
    return { bytes: await office.peopleList(paper.list, await source.snapshot(read => opened(paper.list, read))), says: [] };
  const given = { programmes: source.programmes, now: source.now(), demo: source.demo(), pause };
  if (paper.kind === 'draft') {
    const { document, says } = await source.snapshot(read => gatherDraft(read, paper.ask, given));
    return { bytes: await office.officialDocument(document), says };
  }
  const { sheet, rows, says } = await source.snapshot(read => gatherForm(read, paper.ask, given));
  const template = sheet.template ? await files.open(sheet.template.file) : undefined;
  const kept = template ? sheet : { ...sheet, template: null };
  const note = sheet.template && !template ? ['本局模板的文件不在了，按印发的表样出表'] : [];
  return { bytes: await office.writeForm(kept, rows, template), says: [...says, ...note] };
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

/** Whether a file shows names and numbers, so that it is kept for some days only. */
const namesPeople = (paper: Paper): boolean => paper.kind === 'people' || (paper.kind === 'form' && (paper.ask.names || paper.ask.phones));

/** The card with its picture and its file, under their content addresses. What a form says of itself is said by the card. @throws Error when one cannot be made */
export const renderCard = async (card: Card, files: Files, source: FormSource): Promise<Card> => {
  const picture = card.chart && !card.picture ? { picture: await files.keep('chart.png', await office.drawBars(card.chart)) } : {};
  if (!card.paper || card.file) return { ...card, ...picture };
  const { bytes, says } = await paperOf(card.paper, files, source);
  const { paper, ...rest } = card;
  return {
    ...rest,
    ...picture,
    lines: [...card.lines, ...says],
    file: await files.keep(paper.name, bytes, namesPeople(paper) ? 'brief' : undefined),
  };
};
