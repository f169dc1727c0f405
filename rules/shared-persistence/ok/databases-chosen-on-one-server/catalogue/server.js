const mongoClient = require('mongodb').MongoClient;

var url = process.env.MONGO_URL || 'mongodb://mongodb:27017';
mongoClient.connect(url, (error, client) => {
  if (error) throw error;
  client.db('catalogue').collection('items');
});
