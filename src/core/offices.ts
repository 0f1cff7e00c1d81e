/** Which office of a bureau (股室) looks after what: as the programme says, else the usual one. */
import type { Programme } from '../programmes/schema.ts';

const USUAL = { hospitals: '医政股', clinics: '基妇股' } as const;

/** The office that looks after the supporting hospitals, or the receiving units. */
export const officeOver = (programme: Pick<Programme, 'supervision'> | null, of: keyof typeof USUAL): string =>
  programme?.supervision?.[of].office ?? USUAL[of];

/** The office that weighs whether somebody was absent without a reason. */
export const officeOfCases = (programme: Pick<Programme, 'supervision' | 'absence'> | null): string =>
  programme?.absence?.office ?? officeOver(programme, 'hospitals');
