// scalable-backend-ignore module-boundary: there was something here once (team-orders)
export const c = 1;
