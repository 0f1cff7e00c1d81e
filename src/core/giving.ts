/** Who may give which role, whose data he may change, and as whose he may confirm an account: one rule for /授权, /导入 and /绑定. */
import type { Day } from './day.ts';
import type { Grant, Org, Role } from './records.ts';

/** A role as it is held or asked for. */
export type Holding = Pick<Grant, 'role' | 'org' | 'county'>;

export const notOver = (g: Pick<Grant, 'until'>, today: Day): boolean => g.until === null || g.until >= today;

/** May these roles give one in a county (null: above or outside the counties)? Admin and auditor only by an admin, the others by the county's bureau as well. */
export const mayGive = (own: readonly Holding[], role: Role, county: string | null): boolean =>
  own.some(g => g.role === 'admin' && (county === null || g.county === county)) ||
  (role !== 'admin' && role !== 'auditor' && own.some(g => g.role === 'bureau' && g.county !== null && g.county === county));

/** Roles that an organisation of a kind has. */
const KINDS: Readonly<Record<Role, readonly Org['kind'][]>> = {
  physician: ['hospital', 'general'],
  hospital: ['hospital'],
  clinic: ['clinic'],
  head: ['hospital', 'clinic', 'general'],
  general: ['general'],
  bureau: ['bureau'],
  chief: ['bureau'],
  admin: ['bureau'],
  auditor: ['bureau'],
};
export const hasRole = (kind: Org['kind'], role: Role): boolean => KINDS[role].includes(kind);

/** May the phone that proves somebody be changed? By whoever could give all that the person holds; of those who are only physicians of the county, by its general hospital as well. */
export const mayChange = (own: readonly Holding[], held: readonly Holding[]): boolean =>
  held.every(
    h =>
      mayGive(own, h.role, h.county) ||
      (h.role === 'physician' && own.some(g => g.role === 'general' && g.county !== null && g.county === h.county)),
  );

/** Whom the people of a unit know and may vouch for: never who stands above them. */
const KNOWN_TO: Partial<Record<Role, readonly Role[]>> = {
  head: ['head', 'general', 'hospital', 'clinic', 'physician'],
  hospital: ['hospital', 'physician'],
  clinic: ['clinic'],
};

/** May an account be confirmed as somebody's who can do all this? */
export const mayConfirm = (own: readonly Holding[], held: readonly Holding[]): boolean =>
  held.every(h => mayGive(own, h.role, h.county) || own.some(g => g.org === h.org && KNOWN_TO[g.role]?.includes(h.role)));
