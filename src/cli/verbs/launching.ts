// The commands that make processes: loaded together, since what they load is nearly the same.

export { default as create } from './create.js';
export { default as exec } from './exec.js';
export { default as run } from './run.js';
export { default as start } from './start.js';
