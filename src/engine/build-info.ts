// What was built, as the build of the executable says (`--define` of scripts/bundle.ts).

declare const SAMPAN_VERSION: string;
declare const SAMPAN_COMMIT: string;

export const version: string = SAMPAN_VERSION;
export const commit: string = SAMPAN_COMMIT;
