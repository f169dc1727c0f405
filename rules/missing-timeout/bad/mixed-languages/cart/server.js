const request = require('request');

module.exports = (sku, done) => request('http://catalogue:8080/product/' + sku, done);
