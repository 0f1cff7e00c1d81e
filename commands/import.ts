/** /导入 — a roster (annex 2), a list of contacts, or earlier months' doctor-days (annex 1), from a file or pasted: shown first, done by a button, all or nothing. */
import { defineCommand, refuse } from '../src/bot/command.ts';
import { looksLikeContacts } from '../src/core/contacts.ts';
import type { Draft } from '../src/core/records.ts';
import { keptRows, ROSTER_COLUMNS } from '../src/core/roster.ts';
import {
  type Args,
  aheadFor,
  args,
  BUTTON,
  type Facts,
  type How,
  knownFor,
  LONG,
  mayImportContacts,
  paperFor,
  tableOf,
} from './import/asked.ts';
import { confirm, running } from './import/confirm.ts';
import { mergeFacts, previewMerge } from './import/lines.ts';
import { checking, previewContacts, previewPaper, previewRoster } from './import/preview.ts';

export default defineCommand<Args, Facts>({
  name: '导入',
  aliases: ['上传', 'dr', 'daoru', 'import'],
  daily: ['admin'],
  summary: '导入安排表、联络员或单位的月报表',
  usage: '/导入 [自5月起]，后面贴表或直接发文件；联络员表要有“角色”列',
  examples: ['/导入', '/导入 自5月起', '/导入 联络员', '/导入 附件1'],
  saidTo: actor =>
    mayImportContacts(actor)
      ? undefined
      : {
          summary: '导入安排表或单位的月报表',
          usage: '/导入 [自5月起]，后面贴表或直接发文件',
          examples: ['/导入', '/导入 自5月起', '/导入 附件1'],
        },
  slots: {
    since: { kind: 'labelled', labels: ['自', '从'], of: { kind: 'month', prefer: 'future' } },
    text: { kind: 'rest' },
  },
  args,
  needsProgramme: true,
  takesTable: true,

  async long(read, { args, actor, content }) {
    if (content.kind === 'file') return (content.rows?.length ?? 0) > LONG ? checking(content.rows!.length) : undefined;
    const [, how, id, said] = BUTTON.exec(args.text ?? '') ?? [];
    if (how === undefined) {
      const lines = (args.text ?? '').split('\n').length;
      return lines > LONG ? checking(lines) : undefined;
    }
    if (how === '放弃') return undefined;
    const draft = await read.get('drafts', id!);
    const whats: Partial<Record<Draft['kind'], string>> = { roster: '安排表', contacts: '联络员' };
    const what = draft?.state === 'waiting' && draft.by === actor.person?.id ? whats[draft.kind] : undefined;
    if (what === undefined) return undefined;
    // 待办 does not know how many there are.
    const kept = said === undefined ? await read.unseal('drafts', id!, 'rows') : null;
    const rows = kept === null ? Number(said) : keptRows(JSON.parse(kept));
    return rows > LONG ? running(what, rows) : undefined;
  },

  async facts(read, asked) {
    const button = BUTTON.exec(asked.args.text ?? '');
    const draft = button ? await read.get('drafts', button[2]!) : undefined;
    const kept = draft ? await read.unseal('drafts', draft.id, 'rows') : null;
    const known = await knownFor(read, asked);
    const rows: unknown = kept === null ? undefined : JSON.parse(kept);
    return {
      known,
      draft,
      kept: rows,
      ahead: await aheadFor(read, known, asked, draft),
      paper: await paperFor(read, known, asked, draft),
      merge: await mergeFacts(read, asked, draft, rows),
    };
  },

  *decide(asked) {
    const { args, facts, content, conversation } = asked;
    const { known } = facts;
    if (!known) return refuse('import.no-county', '导入是各县自己做的', '由县里的系统管理员或卫健局发 /导入；还没有卫健局的，先认领');
    const button = BUTTON.exec(args.text ?? '');
    if (button) return yield* confirm(asked, facts, known, button[1] as How);
    if (content.kind === 'file' && content.rows === null)
      return refuse('import.unreadable', content.problem ?? '这个文件读不了', '请发 xlsx 或 csv，或直接贴表');
    const table = tableOf(asked);
    if (!table.length) {
      return {
        reply: {
          code: 'import.how',
          title: '请发文件，或把表贴在 /导入 后面',
          tone: 'info',
          lines: [
            `安排表：附件2的13列，要有${ROSTER_COLUMNS}`,
            ...(mayImportContacts(asked.actor) ? ['联络员表：单位、姓名、角色、电话'] : []),
            '以前月份的人次：附件1',
            conversation.kind === 'group' ? '带手机号的表请私聊我发' : '先给您看，点确认才生效',
          ],
        },
      };
    }
    const notices = content.kind === 'file' ? content.notices : [];
    if (facts.paper) return previewPaper(asked, facts.paper, table, notices);
    if (facts.merge) return previewMerge(asked, facts.merge, notices);
    const contacts = looksLikeContacts(table) || /^\s*联络员/.test(args.text ?? '');
    if (contacts && !mayImportContacts(asked.actor))
      return refuse('import.contacts-not-yours', '联络员由卫健局或系统管理员导入', '角色由他们给，您可以导入安排表：/导入');
    return contacts ? previewContacts(asked, known, table, notices) : yield* previewRoster(asked, known, facts.ahead, table, notices);
  },
});
