/** A puppet of wechaty: the package that acts for the account, made as often as the connection is started anew. */
import { keepPrivate } from './session.ts';

type Wechaty = typeof import('wechaty');
/** A puppet with what wechaty puts around it. */
export type Bot = ReturnType<Wechaty['WechatyBuilder']['build']>;
type BotOptions = NonNullable<Parameters<Wechaty['WechatyBuilder']['build']>[0]>;
export type Puppet = Bot['puppet'];

export interface PuppetSettings {
  /** Name of the puppet's package. */
  puppet: string;
  token: string | null;
  endpoint: string | null;
}

/** `made`: in place of the package that is named. @throws where that is not installed */
export const openPuppet = async (settings: PuppetSettings, folder: string, made?: () => Puppet) => {
  const { WechatyBuilder, ScanStatus, log } = await import('wechaty');
  // Its lines may hold what people wrote.
  log.level('silent');
  if (!made)
    await import(settings.puppet).catch(() => {
      throw new Error(`WECHAT_PUPPET：没有装 ${settings.puppet}，先 npm install ${settings.puppet}`);
    });
  const session = keepPrivate(folder);
  const make = (): Bot =>
    WechatyBuilder.build({
      name: session.replace(/\.memory-card\.json$/, ''),
      puppet: made?.() ?? settings.puppet,
      puppetOptions: {
        ...(settings.token === null ? {} : { token: settings.token }),
        ...(settings.endpoint === null ? {} : { endpoint: settings.endpoint }),
      },
    } as BotOptions);
  return { make, ScanStatus };
};
