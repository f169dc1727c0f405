const axios = require('axios');
const { request } = require('undici');

module.exports.get = (url) => axios.get(url);
module.exports.raw = async (url) => request(url);
