// The completion script of each shell.

import { loadVerbs } from '../verbs.js';
import { bashScript } from './bash.js';
import { fishScript } from './fish.js';
import { completionModel } from './model.js';
import { zshScript } from './zsh.js';

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };

/** A script for `shell`. */
export async function completionScript(shell: keyof typeof scripts): Promise<string> {
  return scripts[shell](completionModel(await loadVerbs()));
}
