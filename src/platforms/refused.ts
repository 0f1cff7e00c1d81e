/** Whether a call that failed can have arrived. */

const NOT_MADE = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

/** What the network says of it; '' when it says nothing. */
export const causeOf = (e: unknown): string => String((e as { cause?: { code?: unknown } }).cause?.code ?? '');
/** The connection was never made: nothing can have arrived. */
export const isRefused = (e: unknown): boolean => NOT_MADE.has(causeOf(e));
