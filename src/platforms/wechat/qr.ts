/** A login's QR code, for the terminal and for a page. */
import qrcode from 'qrcode';

/** As letters for a terminal with dark or light ground. */
export const qrText = (link: string): Promise<string> => qrcode.toString(link, { type: 'terminal', small: true });

/** As a path of unit squares within a square of `size`. */
export const qrPath = (link: string): { size: number; path: string } => {
  const { modules } = qrcode.create(link, { errorCorrectionLevel: 'M' });
  let path = '';
  for (let y = 0; y < modules.size; y++) for (let x = 0; x < modules.size; x++) if (modules.get(y, x)) path += `M${x} ${y}h1v1h-1z`;
  return { size: modules.size, path };
};
