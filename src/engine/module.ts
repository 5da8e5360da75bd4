// node:module in the executable, for the bundler's own helper: nothing is ever required.

export function createRequire(): (name: string) => never {
  return (name) => {
    throw new Error(`no module ${name}`);
  };
}
