const { find } = require('../catalogue/src/find.js');
module.exports = { find };
