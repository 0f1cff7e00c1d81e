/** Who may call at all: the sandbox listens to this machine only, and to no page of another site (DNS rebinding, cross-site posts). */
import type { Context, MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';

/** `{error}` of every refused request. */
export const refusal = (c: Context, status: 400 | 403 | 404 | 413 | 500 | 503, code: string, message: string, path = '') =>
  c.json({ error: { code, message, path } }, status);

const LOCAL = /^(127\.0\.0\.1|localhost)(:\d{1,5})?$/i;

/** Refuses a Host that is not this machine and, on writes, an Origin that is not the page's own. */
export const localOnly: MiddlewareHandler = async (c, next) => {
  const host = c.req.header('host') ?? '';
  if (!LOCAL.test(host)) return refusal(c, 403, 'host.foreign', '演练台只在本机使用，请打开 http://127.0.0.1');
  if (c.req.method !== 'GET' && c.req.method !== 'HEAD') {
    const origin = c.req.header('origin');
    if ((origin !== undefined && origin !== `http://${host}`) || c.req.header('sec-fetch-site') === 'cross-site') {
      return refusal(c, 403, 'origin.foreign', '请求来自别的网站，没有受理');
    }
  }
  await next();
};

/** Refuses writes that another site's page has sent. */
export const sameOrigin: MiddlewareHandler = async (c, next) => {
  if (c.req.method !== 'GET' && c.req.method !== 'HEAD') {
    const origin = c.req.header('origin');
    const foreign = origin !== undefined && origin !== 'null' && (!URL.canParse(origin) || new URL(origin).host !== c.req.header('host'));
    if (foreign || c.req.header('sec-fetch-site') === 'cross-site') return refusal(c, 403, 'origin.foreign', '请求来自别的网站，没有受理');
  }
  return next();
};

/** Only own scripts, styles and pictures; no frames; nothing tells other sites where one came from. */
export const ownOnly: MiddlewareHandler = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    connectSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
  referrerPolicy: 'same-origin',
  xFrameOptions: 'DENY',
  // The listener speaks plain HTTP on this machine, or stands behind a proxy that adds its own.
  strictTransportSecurity: false,
});
