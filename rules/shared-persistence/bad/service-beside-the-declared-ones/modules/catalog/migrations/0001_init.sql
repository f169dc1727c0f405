create table product (id uuid primary key);
