// The commands about containers that are there already: loaded together, since each is small.

export { default as remove } from './delete.js';
export { default as kill } from './kill.js';
export { default as list } from './list.js';
export { default as pause } from './pause.js';
export { default as ps } from './ps.js';
export { default as resume } from './resume.js';
export { default as state } from './state.js';
