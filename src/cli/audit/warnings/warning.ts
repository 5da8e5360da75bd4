// Something that helps whoever is in the container to get out of it.

/** `severe`: a known way out by itself. `notable`: one wall less, or something of the host's in reach. */
export type Severity = 'severe' | 'notable';

/** One warning. */
export interface Warning {
  readonly severity: Severity;
  /** Names the way: `docker.sock`, `CAP_SYS_ADMIN`. */
  readonly name: string;
  /** What can be done with it. */
  readonly meaning: string;
  /** The place in config.json that grants it; absent where that has no word of it. */
  readonly pointer?: string;
  readonly remedy?: string;
}

/** Builds one of each severity, without what is undefined. */
export const severe = maker('severe');
export const notable = maker('notable');

function maker(severity: Severity) {
  return (name: string, meaning: string, pointer?: string, remedy?: string): Warning => ({
    severity,
    name,
    meaning,
    ...(pointer === undefined ? {} : { pointer }),
    ...(remedy === undefined ? {} : { remedy }),
  });
}
