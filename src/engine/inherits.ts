// The engine changes nothing of what the process was executed with.

export const inheritsUnchanged: boolean = true;
