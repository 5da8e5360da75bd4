// The commands by name. Only the one that was asked for is loaded.

import type { Verb } from './verb.js';

type Load = () => Promise<{ readonly default: Verb }>;

/** In the order of help. */
export const verbs: Readonly<Record<string, Load>> = {
  create: () => import('./verbs/create.js'),
  start: () => import('./verbs/start.js'),
  run: () => import('./verbs/run.js'),
  exec: () => import('./verbs/exec.js'),
  state: () => import('./verbs/state.js'),
  kill: () => import('./verbs/kill.js'),
  pause: () => import('./verbs/pause.js'),
  resume: () => import('./verbs/resume.js'),
  update: () => import('./verbs/update.js'),
  delete: () => import('./verbs/delete.js'),
  list: () => import('./verbs/list.js'),
  ps: () => import('./verbs/ps.js'),
  events: () => import('./verbs/events.js'),
  stats: () => import('./verbs/stats.js'),
  spec: () => import('./verbs/spec.js'),
  features: () => import('./verbs/features.js'),
  validate: () => import('./verbs/validate.js'),
  schema: () => import('./verbs/schema.js'),
  explain: () => import('./verbs/explain.js'),
  demo: () => import('./verbs/demo.js'),
  completion: () => import('./verbs/completion.js'),
};

/** A command's description, `undefined` for a name that is none. */
export async function loadVerb(name: string): Promise<Verb | undefined> {
  const load = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  return load && (await load()).default;
}

/** All descriptions, for help and completion. */
export async function loadVerbs(): Promise<readonly Verb[]> {
  const all: Verb[] = [];
  for (const load of Object.values(verbs)) all.push((await load()).default);
  return all;
}
