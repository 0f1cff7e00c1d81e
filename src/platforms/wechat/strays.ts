/** Puppets leave promises without a catch and emitters without a listener, and either ends a Node process. While WeChat is on, theirs are logged instead; anybody else's ends the process as before. */

/** Packages of which WeChat is made. */
const THEIRS =
  /node_modules\/(?:@[\w.-]+\/)?(?:wechaty|wechat4u|memory-card|file-box|gerror|state-switch|rx-queue|watchdog|axios|@?grpc|flash-store|level)/;

/** A rejection without a stack is no error of ours: ours are errors. */
export const isTheirs = (reason: unknown): boolean => !(reason instanceof Error) || THEIRS.test(reason.stack ?? '');

/** Returns how to end it. */
export const catchStrays = (stray: (reason: unknown) => void): (() => void) => {
  const caught = (reason: unknown) => {
    if (isTheirs(reason)) return stray(reason);
    // What Node does without a listener.
    process.stderr.write(`${reason instanceof Error ? reason.stack : String(reason)}\n`);
    process.exit(1);
  };
  process.on('uncaughtException', caught);
  process.on('unhandledRejection', caught);
  return () => {
    process.off('uncaughtException', caught);
    process.off('unhandledRejection', caught);
  };
};
