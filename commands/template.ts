/** /模板 — the bureau's own file for a form: its header cells are recognised, and from then on it is filled. */
import { z } from 'zod';
import { type Asked, type Decision, defineCommand, refuse } from '../src/bot/command.ts';
import { columnsOf, formCalled } from '../src/core/form.ts';
import { isTail, recogniseForm, TEMPLATE_LIMITS } from '../src/core/form-read.ts';
import { isMobile, looksLikePhone } from '../src/core/names.ts';
import type { Change, Template } from '../src/core/records.ts';
import type { FormData } from '../src/programmes/schema.ts';

const args = z.object({ stop: z.literal('stop').optional(), text: z.string().optional() });
type Args = z.infer<typeof args>;

interface Facts {
  county: string | null;
  on: Template[];
}

const columnName = (index: number): string =>
  index < 26 ? String.fromCharCode(65 + index) : `${columnName(Math.floor(index / 26) - 1)}${columnName(index % 26)}`;

export default defineCommand<Args, Facts>({
  name: '模板',
  serves: ['forms'],
  aliases: ['表样', 'mb', 'muban', 'template'],
  summary: '用本局自己的表样出表',
  usage: '/模板 附件3，再发 xlsx；不用了发 /模板 附件3 停用',
  examples: ['/模板 附件3', '/模板 附件3 停用'],
  slots: { stop: { kind: 'choice', words: { 停用: 'stop', 不用了: 'stop', 取消: 'stop' } }, text: { kind: 'rest' } },
  args,
  needsProgramme: true,
  takesFile: true,

  async facts(read, { actor }) {
    const county = actor.grants.find(g => g.role === 'bureau' && g.county !== null)?.county ?? null;
    return { county, on: county ? await read.all('templates', { county, state: 'on' }) : [] };
  },

  decide(asked) {
    const { args, facts, programme, content } = asked;
    if (!facts.county) return refuse('template.no-county', '模板由县（区）卫健局设', '请联系县（区）卫健局');
    const form = formCalled(programme!, args.text ?? '');
    if (!form)
      return {
        reply: {
          code: 'template.which',
          title: programme!.forms.length ? '哪张表用本局的表样？' : '这个方案没有规定表格',
          tone: programme!.forms.length ? 'ask' : 'info',
          lines: programme!.forms.map(f => {
            const own = facts.on.find(t => t.form === f.id);
            return `${f.id}：${own ? `用本局的“${own.name}”` : '用印发的表样'}`;
          }),
          buttons: programme!.forms.map(f => ({ label: f.id, command: `/模板 ${f.id}` })),
        },
      };
    const old = facts.on.find(t => t.form === form.id);
    if (args.stop) {
      if (!old) return refuse('template.none', `${form.id}用的就是印发的表样`, '没有改动');
      return {
        changes: [replaced(old)],
        reply: { code: 'template.stopped', title: `${form.id}改回印发的表样`, tone: 'ok', lines: ['以前出的文件不变'] },
      };
    }
    if (content.kind !== 'file')
      return {
        reply: {
          code: 'template.ask',
          title: `请发${form.id}的 xlsx 表样`,
          tone: 'ask',
          lines: [
            '认表头填数：列可以换位置、可以多列',
            `发空表：${TEMPLATE_LIMITS.rows} 行、${KB} KB 以内，不带人员电话`,
            '不要有隐藏的表；合计行以外不要公式',
            ...(old ? [`现在用“${old.name}”`] : []),
          ],
          ...(old ? { buttons: [{ label: '改回印发的表样', command: `/模板 ${form.id} 停用` }] } : {}),
        },
        waitFor: `/模板 ${form.id}`,
      };
    return take(asked, form, old);
  },
});

const KB = TEMPLATE_LIMITS.bytes / 1024;

/** Only a small file that names nobody is taken. */
const tooLarge = (bytes: number, rows: readonly (readonly string[])[], again: string): Decision | undefined => {
  if (bytes > TEMPLATE_LIMITS.bytes)
    return refuse(
      'template.too-large',
      `文件有 ${Math.ceil(bytes / 1024)} KB，超过 ${KB} KB，没有收`,
      '请删掉图片和别的表，只留空表样',
      again,
    );
  if (rows.length > TEMPLATE_LIMITS.rows)
    return refuse(
      'template.too-long',
      `有 ${rows.length} 行，超过 ${TEMPLATE_LIMITS.rows} 行，没有收`,
      '表样只要表头、合计行和备注，请删掉填好的行',
      again,
    );
  return rows.some(row => row.some(cell => looksLikePhone(cell).some(isMobile)))
    ? refuse('template.phones', '表里有手机号，没有收', '表样是空表，不要带人员信息', again)
    : undefined;
};

const replaced = (t: Template): Change => ({ table: 'templates', id: t.id, to: { ...t, state: 'replaced' }, was: { state: 'on' } });

const take = (
  { content, programme, facts, turn, actor, now }: Asked<Args> & { facts: Facts },
  form: FormData,
  old: Template | undefined,
): Decision => {
  if (content.kind !== 'file') return refuse('template.no-file', '没有收到文件');
  const again = `改好后先发 /模板 ${form.id} 再发文件`;
  if (content.rows === null) return refuse('template.unreadable', content.problem ?? '这个文件读不了', again);
  if (!/\.xlsx$/i.test(content.file.name) || !content.traits) return refuse('template.not-xlsx', '表样要 xlsx 文件', again);
  const { hidden, formulas, sheet } = content.traits;
  if (hidden) return refuse('template.hidden', `有 ${hidden} 张隐藏的表，没有收`, '请删掉隐藏的表，或取消隐藏', again);
  const rows = content.rows;
  const stray = formulas.find(([r]) => !isTail(rows[r] ?? []));
  if (stray)
    return refuse(
      'template.formulas',
      `${columnName(stray[1])}${stray[0] + 1} 有公式，没有收`,
      '合计行以外的格子由系统填，请去掉公式',
      again,
    );
  const found = recogniseForm(columnsOf(form, programme!), rows);
  if (!found) return refuse('template.unknown', `这不像${form.id}，没有收`, '要有印发表样里的列名', again);
  if (found.missing.length)
    return refuse(
      'template.missing',
      `少 ${found.missing.length} 列，没有收`,
      ...found.missing.slice(0, 3).map(m => `没有找到“${m}”`),
      again,
    );
  const large = tooLarge(content.file.bytes, rows, again);
  if (large) return large;
  if (!/^[0-9a-f]{64}$/.test(content.file.id)) return refuse('template.not-kept', '文件没有存下来，没有收', '请再发一次', again);
  const row: Template = {
    id: `${turn}`,
    county: facts.county!,
    form: form.id,
    file: content.file.id,
    name: content.file.name,
    columns: { ...found.columns, '.row': found.firstRow, '.sheet': sheet },
    by: actor.person!.id,
    at: now,
    state: 'on',
  };
  return {
    changes: [...(old ? [replaced(old)] : []), { table: 'templates', id: row.id, to: row }],
    reply: {
      code: 'template.taken',
      title: `${form.id}以后用“${row.name}”`,
      tone: 'ok',
      lines: [
        `认出 ${Object.keys(found.columns).length} 列，从第 ${found.firstRow + 1} 行起填`,
        ...(found.moved ? [`${found.moved} 列换了位置，按表头填`] : []),
        ...(found.extra.length ? [`多出的列留空：${found.extra.slice(0, 3).join('、')}${found.extra.length > 3 ? '等' : ''}`] : []),
      ],
      buttons: [
        { label: '看一份', command: `/导出 ${form.id}` },
        { label: '改回印发的表样', command: `/模板 ${form.id} 停用` },
      ],
    },
  };
};
