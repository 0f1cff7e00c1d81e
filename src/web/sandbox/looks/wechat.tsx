/** WeChat: words in a bubble. A number is answered by typing it; here a key beside the bubble types it. */
import type { FC } from 'hono/jsx';
import { type Drawn, Picture, Says, SentFile, Undrawn, words } from './parts.tsx';

export const WechatMessage: FC<{ drawn: Drawn }> = ({ drawn }) => {
  const { type, content } = drawn.payload;
  if (type === 'file') return <SentFile drawn={drawn} />;
  if (type === 'image') return <Picture id={words(content, 'file')} alt={drawn.message.card.picture?.name ?? ''} eye={drawn.eye} />;
  if (type !== 'text') return <Undrawn what={type} content={content} />;
  const accounts = (content['accounts'] as string[] | undefined) ?? [];
  const choices = (content['choices'] as string[] | undefined) ?? [];
  return (
    <>
      <div class="bubble">
        {accounts.map(a => (
          <span class="at">@{drawn.eye.nameOf(a)} </span>
        ))}
        {words(content, 'text')}
      </div>
      {choices.length > 0 && (
        <div class="wx-keys">
          {choices.map((command, i) => (
            <Says drawn={drawn} command={command} look="wx-key">
              回复 {i + 1}
            </Says>
          ))}
        </div>
      )}
    </>
  );
};
