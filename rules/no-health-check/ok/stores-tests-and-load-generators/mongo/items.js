db.items.insertMany([]);
