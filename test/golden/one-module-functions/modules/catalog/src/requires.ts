/** The modules whose contract this module may call: local where they are hosted here, remote elsewhere. */
export const requires = {};
