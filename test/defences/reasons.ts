// Attacks for which no patch takes a defence away, and why.

/** By the key of the row. */
export const reasons: Readonly<Record<string, string>> = {
  'CVE-2026-115520, CVE-2026-119101, CVE-2026-119614':
    'there is nothing to take away: no code makes or reads a checkpoint',
  'a session keyring that another user has prepared under a container’s name':
    'there is nothing to take away: init is told no name',
};
