INSERT INTO contacts VALUES
    (1, 'lakeside', 'Ann', 'A', CURRENT_TIMESTAMP - INTERVAL '1' HOUR),
    (2, 'lakeside', 'Ben', 'B', CURRENT_TIMESTAMP - INTERVAL '1' HOUR),
    (3, 'riverside', 'Cleo', 'A', CURRENT_TIMESTAMP - INTERVAL '1' HOUR),
    (4, 'hillside', 'Dan', 'B', CURRENT_TIMESTAMP - INTERVAL '1' HOUR);
INSERT INTO customers VALUES
    ('hillside', '{"columns": [{"field": "name", "transform": "upperCase"}], "fileName": "people-{sequence}.csv"}'),
    ('riverside', '{"columns": ["id", {"field": "name", "header": "Full name"}]}');
