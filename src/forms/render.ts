/** What a card names and the relay makes before it is sent: the picture of its chart, the file of its paper. */
import type { Files } from '../bot/ports.ts';
import type { Card } from '../core/card.ts';
import { office } from './office.ts';

/** The card with its picture and its file, under their content addresses. @throws Error when one cannot be made */
export const renderCard = async (card: Card, files: Files): Promise<Card> => ({
  ...card,
  ...(card.chart && !card.picture ? { picture: await files.keep('chart.png', await office.drawBars(card.chart)) } : {}),
  ...(card.paper && !card.file ? { file: await files.keep(card.paper.name, await office.leaveSlip(card.paper.slip)) } : {}),
});
