// Where Easel is, for addresses that have to be whole. All others are relative to the page, which
// may lie below a path of another site.

/** The folder of the page, with a slash at its end. */
export const home = () => new URL(".", location.href).href;

/** The same for others: without what lets this browser in where it keeps no cookies. */
export const sharedHome = () => home().replace(/\/~[^/]+\/$/, "/");
