package io.outfeed.jdbc;

/** The same database, by the transport that it does not use by itself. */
class PostgresCursorSourceContractTest extends PostgresSourceContractTest {

    @Override
    JdbcRecordSource.Transport transport() {
        return JdbcRecordSource.Transport.CURSOR;
    }
}
