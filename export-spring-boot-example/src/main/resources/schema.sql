CREATE TABLE contacts (
    id bigint PRIMARY KEY,
    tenant varchar(40) NOT NULL,
    name varchar(200) NOT NULL,
    status varchar(1) NOT NULL,
    changed_at timestamp with time zone NOT NULL
);
CREATE TABLE customers (name varchar(40) PRIMARY KEY, layout varchar(4000) NOT NULL);
