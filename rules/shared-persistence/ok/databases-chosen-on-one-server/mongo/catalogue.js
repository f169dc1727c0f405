db.products.insertMany([]);
