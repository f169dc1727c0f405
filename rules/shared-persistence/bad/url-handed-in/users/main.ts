import { Dal } from '@shop/dal';

const dal = new Dal();
await dal.connect(process.env.MONGO ?? 'mongodb://mongo:27017/shop');
