module.exports = require('./src/find.js');
