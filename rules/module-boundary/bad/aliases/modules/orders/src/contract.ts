export const ordersContract = { name: 'orders' };
