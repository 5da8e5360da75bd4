// Before anything of ours runs, Node makes what it has inherited close-on-exec and raises its limit on
// open files. In the executable src/engine/inherits.ts takes this one's place.

/** Whether this process still has what it was executed with. */
export const inheritsUnchanged: boolean = false;
