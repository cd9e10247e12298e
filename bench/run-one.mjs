// One benchmark in a process of its own, started by run.mjs.
const { measure } = await import(`./${process.argv[2]}.mjs`);
process.send?.(await measure());
