// The commands by name. Only what was asked for is loaded.
//
// Those of the same kind are loaded together: the executable is cut into pieces by what each import()
// reaches, and a launch that is made of forty pieces takes longer to load than one of ten.

import type { Verb } from './verb.js';

type Load = () => Promise<Verb>;

const launching = () => import('./verbs/launching.js');
const standing = () => import('./verbs/standing.js');
const only = async (module: Promise<{ readonly default: Verb }>) => (await module).default;

/** In the order of help. */
export const verbs: Readonly<Record<string, Load>> = {
  create: async () => (await launching()).create,
  start: async () => (await launching()).start,
  run: async () => (await launching()).run,
  exec: async () => (await launching()).exec,
  state: async () => (await standing()).state,
  kill: async () => (await standing()).kill,
  pause: async () => (await standing()).pause,
  resume: async () => (await standing()).resume,
  update: () => only(import('./verbs/update.js')),
  delete: async () => (await standing()).remove,
  list: async () => (await standing()).list,
  ps: async () => (await standing()).ps,
  events: () => only(import('./verbs/events.js')),
  stats: () => only(import('./verbs/stats.js')),
  spec: () => only(import('./verbs/spec.js')),
  features: () => only(import('./verbs/features.js')),
  validate: () => only(import('./verbs/validate.js')),
  schema: () => only(import('./verbs/schema.js')),
  check: () => only(import('./verbs/check.js')),
  audit: () => only(import('./verbs/audit.js')),
  explain: () => only(import('./verbs/explain.js')),
  demo: () => only(import('./verbs/demo.js')),
  completion: () => only(import('./verbs/completion.js')),
};

/** A command's description, `undefined` for a name that is none. */
export async function loadVerb(name: string): Promise<Verb | undefined> {
  const load = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  return load?.();
}

/** All descriptions, for help and completion. */
export async function loadVerbs(): Promise<readonly Verb[]> {
  const all: Verb[] = [];
  for (const load of Object.values(verbs)) all.push(await load());
  return all;
}
