// Nothing is known quickly, so that the schemas decide. In the executable this module is replaced by
// what scripts/accepts-source.ts makes of the schemas.

/** Whether a document is known to be right, and whether all of its properties are known. */
export interface Accepts {
  acceptsConfig(document: unknown): boolean;
  knowsConfig(document: unknown): boolean;
  acceptsProcess(document: unknown): boolean;
  knowsProcess(document: unknown): boolean;
}

const no = (_document: unknown) => false;

export const acceptsConfig: Accepts['acceptsConfig'] = no;
export const knowsConfig: Accepts['knowsConfig'] = no;
export const acceptsProcess: Accepts['acceptsProcess'] = no;
export const knowsProcess: Accepts['knowsProcess'] = no;
