package io.outfeed.jdbc.internal.schema;

import io.outfeed.error.StoreException;
import io.outfeed.jdbc.internal.sql.TableNames;
import io.outfeed.jdbc.internal.sql.Transactions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The tables of the store, by version: each has a file of DDL that migrates from the version before. */
public final class Schema {

    /** The version that this code works with. */
    public static final int VERSION = 1;

    /** The SQLStates of PostgreSQL, MySQL and H2 for a table that does not exist. */
    private static final Set<String> NO_TABLE = Set.of("42P01", "42S02", "42S03", "42S04");

    private final StoreDialect dialect;
    private final TableNames names;

    public Schema(StoreDialect dialect, TableNames names) {
        this.dialect = dialect;
        this.names = names;
    }

    /** The statements that migrate from a version to the current one. */
    public List<String> ddl(int from) {
        return ddl(from, VERSION);
    }

    /** The statements that migrate from a version to another one, which is newer. */
    public List<String> ddl(int from, int to) {
        List<String> statements = new ArrayList<>();
        for (int version = from + 1; version <= to; version++) {
            Stream.of(read(version).split(";\\s*\n"))
                    .map(Schema::withoutComments)
                    .filter(statement -> !statement.isBlank())
                    .map(names::in)
                    .forEach(statements::add);
        }
        return statements;
    }

    /** Creates what is missing; of several nodes one does so, and the others wait. */
    public void migrate(Transactions transactions) {
        transactions.run("create the tables of the store", sql -> {
            if (dialect.lockMigration().isPresent()) {
                sql.list(dialect.lockMigration().get(), row -> true);
            }
            try {
                sql.update(ddl(0).get(0)); // the table that has the version
                int from = sql.first("select version from #schema where id = 1", row -> row.getInt(1))
                        .orElse(0);
                checkNotNewer(from);
                for (String statement : ddl(from)) {
                    sql.update(statement);
                }
                if (from == 0) {
                    sql.update("insert into #schema (id, version) values (1, ?)", VERSION);
                } else {
                    sql.update("update #schema set version = ? where id = 1", VERSION);
                }
                return true;
            } finally {
                if (dialect.unlockMigration().isPresent()) {
                    sql.list(dialect.unlockMigration().get(), row -> true);
                }
            }
        });
    }

    /** Fails unless the tables are there in the right version. */
    public void check(Transactions transactions) {
        int version = transactions.run("read the version of the store's tables", sql -> {
            try {
                return sql.first("select version from #schema where id = 1", row -> row.getInt(1))
                        .orElse(0);
            } catch (SQLException e) {
                if (NO_TABLE.contains(String.valueOf(e.getSQLState()))) {
                    return 0;
                }
                throw e;
            }
        });
        checkNotNewer(version);
        if (version < VERSION) {
            throw new StoreException(
                    (version == 0
                                    ? "the database has no tables of the store"
                                    : "the tables of the store have version " + version + ", and this Outfeed needs "
                                            + VERSION)
                            + ": call migrate() on the store's builder, or run what ddl() gives",
                    null);
        }
    }

    private static void checkNotNewer(int version) {
        if (version > VERSION) {
            throw new StoreException(
                    "the tables of the store have version " + version + ", and this Outfeed knows " + VERSION
                            + ": run the version that made them, or a newer one",
                    null);
        }
    }

    private String read(int version) {
        String file = dialect.directory() + "/V" + version + ".sql";
        try (InputStream in = Schema.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new AssertionError("the module lacks its file " + file);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new StoreException("can't read " + file + " of the module: check the class path", e);
        }
    }

    private static String withoutComments(String statement) {
        return statement
                .lines()
                .filter(line -> !line.startsWith("--"))
                .reduce("", (all, line) -> all.isEmpty() ? line : all + "\n" + line)
                .strip();
    }
}
