/** A table file before the turn: its rows, and the file itself where it may be kept. */
import type { Files, RowsRead } from '../bot/ports.ts';
import { TEMPLATE_LIMITS } from '../core/form-read.ts';
import { office } from './office.ts';

const MOBILE = /(?<!\d)1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)/;

export const rowsReader =
  (files: Files) =>
  async (name: string, bytes: Uint8Array): Promise<RowsRead> => {
    const read = await office.readSheet(bytes, name);
    if (!read.ok) return { rows: null, notices: [], problem: read.message };
    const { rows, notices, traits } = read;
    const kept =
      traits && bytes.length <= TEMPLATE_LIMITS.bytes && rows.length <= TEMPLATE_LIMITS.rows && !rows.some(r => r.some(c => MOBILE.test(c)))
        ? { file: await files.keep(name, bytes) }
        : {};
    return { rows, notices, ...(traits ? { traits } : {}), ...kept };
  };
