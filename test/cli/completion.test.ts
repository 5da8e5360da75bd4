// The completion scripts, run in the shells they are made for.

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { completionScript } from '../../src/cli/completion/script.js';
import { needs } from '../rig/needs.js';

type Shell = 'bash' | 'zsh' | 'fish';

let directory: string;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'sampan-completion-'));
  for (const shell of ['bash', 'zsh', 'fish'] as const)
    writeFileSync(join(directory, shell), await completionScript(shell));
  // Stands in for the runtime: `list -q`, with or without `--root DIR`.
  const stub =
    '#!/bin/sh\nif [ "$1" = --root ]; then echo "below$2"; else echo web; echo worker; fi\n';
  writeFileSync(join(directory, 'sampan'), stub);
  chmodSync(join(directory, 'sampan'), 0o755);
});

afterAll(() => rmSync(directory, { recursive: true }));

function installed(shell: Shell): boolean {
  return spawnSync(shell, ['-c', 'true']).status === 0;
}

function runIn(shell: Shell, script: string, args: readonly string[] = []): string {
  const env = { ...process.env, HOME: directory, PATH: `${directory}:${process.env.PATH}` };
  const { stdout, stderr } = spawnSync(shell, [...args, '-c', script], { encoding: 'utf8', env });
  return stdout + stderr;
}

/** What is offered for the last of `words`. */
const offers: Record<Shell, (words: readonly string[]) => string[]> = {
  bash(words) {
    const list = words.map((word) => `'${word}'`).join(' ');
    const script = `source ${directory}/bash
      COMP_WORDS=(${list}) COMP_CWORD=${words.length - 1}
      _sampan
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    return lines(runIn('bash', script, ['--norc']));
  },
  fish(words) {
    const script = `source ${directory}/fish; complete -C '${words.join(' ')}'`;
    return lines(runIn('fish', script, ['--no-config'])).map((line) => line.replace(/\t.*/, ''));
  },
  zsh(words) {
    // Completion exists only in an interactive shell, so one is run in a pseudo-terminal.
    const script = `zmodload zsh/zpty
      zpty shell zsh -f -i
      zpty -w shell 'PS1= PROMPT_EOL_MARK=; unsetopt zle_bracketed_paste; autoload -U compinit; compinit -u -D; source ${directory}/zsh'
      zpty -w shell 'compadd() { if [[ "$*" == *" -D "* || "$*" == *" -O "* || "$*" == *" -A "* ]]; then builtin compadd "$@"; return; fi; local -a found; builtin compadd -A found "$@"; print -rl -- "FOUND:"$^found; builtin compadd "$@"; }'
      zpty -w shell 'and_tell() { _generic "$@"; print -r -- DO""NE }'
      zpty -w shell 'bindkey "^I" complete-word; zle -C complete-word complete-word and_tell'
      zpty -w shell 'zstyle ":completion:*" completer _complete; print REA""DY'
      zpty -r shell answer '*READY*'
      zpty -n -w shell ${quoted(`${words.join(' ')}\t`)}
      zpty -r shell answer '*DONE*'
      print -r -- $answer`;
    const found = runIn('zsh', script, ['-f']).matchAll(/FOUND:([^\s]+)/g);
    return [...new Set([...found].map(([, word]) => word ?? ''))];
  },
};

function quoted(text: string): string {
  return `$'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\t', '\\t')}'`;
}

function lines(text: string): string[] {
  return text.split('\n').filter(Boolean);
}

const inShell = (shell: Shell) => needs('unit', installed(shell), `${shell} is not installed`);

describe.each(['bash', 'zsh', 'fish'] as const)('in %s', (shell) => {
  const promise = inShell(shell);

  promise('the script is free of syntax errors', () => {
    const { status, stderr } = spawnSync(shell, ['-n', join(directory, shell)], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  promise('commands are offered', () => {
    expect(offers[shell](['sampan', 'fe'])).toEqual(['features']);
  });

  promise('flags of the command are offered', () => {
    expect(offers[shell](['sampan', 'list', '--q'])).toEqual(['--quiet']);
    expect(offers[shell](['sampan', 'exec', '--ignore'])).toEqual(['--ignore-paused']);
  });

  promise('ids are what list -q prints', () => {
    expect(offers[shell](['sampan', 'kill', 'w']).sort()).toEqual(['web', 'worker']);
  });

  promise('ids are looked for below --root', () => {
    expect(offers[shell](['sampan', '--root', '/x', 'state', 'b'])).toEqual(['below/x']);
  });

  promise('values that a flag has are offered', () => {
    expect(offers[shell](['sampan', 'list', '--format', 'j'])).toEqual(['json']);
    expect(offers[shell](['sampan', 'check', '--format', 't'])).toEqual(['table']);
    expect(offers[shell](['sampan', 'completion', 'z'])).toEqual(['zsh']);
  });
});
